package cluster

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Only the API server can set when an object was created or deleted, and it says "now". What is judged by age would look
// as if it had just been made. So Load writes the recorded times into etcd, behind the API server's back; its watch
// cache takes them up as any other change.

// times are what an object is given: recorded, but never in the future or in the last minutes of this machine's clock.
type times struct{ created, deleted int64 }

func recordedTimes(object Object) times {
	latest := time.Now().Add(-10 * time.Minute).Unix()
	read := func(key string) int64 {
		at, err := time.Parse(time.RFC3339, textAt(object, "metadata", key))
		if err != nil {
			return 0
		}
		return min(at.Unix(), latest)
	}
	return times{read("creationTimestamp"), read("deletionTimestamp")}
}

// backdate finds the stored objects by their uids, so it need not know where etcd keeps each kind.
func (c *Client) backdate(ctx context.Context, wanted map[string]times) error {
	type pair struct{ Key, Value []byte }
	var all struct{ Kvs []pair }
	everything := map[string][]byte{"key": []byte("/registry/"), "range_end": []byte("/registry0")}
	if err := c.etcdCall(ctx, "range", everything, &all); err != nil {
		return err
	}
	found := 0
	for _, stored := range all.Kvs {
		uid, changed, err := withTimes(stored.Value, wanted)
		if err != nil {
			return fmt.Errorf("%s: %w", stored.Key, err)
		}
		if uid == "" {
			continue
		}
		found++
		put := map[string][]byte{"key": stored.Key, "value": changed}
		if err := c.etcdCall(ctx, "put", put, nil); err != nil {
			return err
		}
	}
	if found != len(wanted) {
		return fmt.Errorf("etcd holds %d of %d objects", found, len(wanted))
	}
	return nil
}

// Compact makes etcd forget what was before the last write, so that continue tokens of older lists expire.
func (c *Client) Compact(ctx context.Context) error {
	var answer struct {
		Header struct {
			Revision string
		}
	}
	if err := c.etcdCall(ctx, "range", map[string][]byte{"key": []byte("/registry/")}, &answer); err != nil {
		return err
	}
	return c.etcdCall(ctx, "compaction", map[string]any{"revision": answer.Header.Revision, "physical": true}, nil)
}

// etcdCall uses etcd's JSON gateway; []byte is base64 there, as encoding/json has it.
func (c *Client) etcdCall(ctx context.Context, method string, argument, answer any) error {
	body, err := json.Marshal(argument)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.etcd+"/v3/kv/"+method, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd %s: %s", method, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// withTimes returns the stored form with the wanted times in it, or no uid when it is not among the wanted.
func withTimes(value []byte, wanted map[string]times) (uid string, changed []byte, err error) {
	if binaryForm, ok := bytes.CutPrefix(value, []byte("k8s\x00")); ok {
		metadata := field(field(binaryForm, 2), 1) // runtime.Unknown.raw, then the object's metadata
		uid = string(field(metadata, 5))
		want, ok := wanted[uid]
		if !ok {
			return "", nil, nil
		}
		err = setSeconds(field(metadata, 8), want.created)
		if err == nil && want.deleted != 0 {
			err = setSeconds(field(metadata, 9), want.deleted)
		}
		return uid, value, err
	}
	var object Object
	if json.Unmarshal(value, &object) != nil {
		return "", nil, nil // not an object: etcd's own bookkeeping
	}
	uid = textAt(object, "metadata", "uid")
	want, ok := wanted[uid]
	if !ok {
		return "", nil, nil
	}
	metadata := object["metadata"].(Object)
	metadata["creationTimestamp"] = time.Unix(want.created, 0).UTC().Format(time.RFC3339)
	if want.deleted != 0 {
		metadata["deletionTimestamp"] = time.Unix(want.deleted, 0).UTC().Format(time.RFC3339)
	}
	changed, err = json.Marshal(object)
	return uid, changed, err
}

// field is the content of the first length-delimited protobuf field of that number; it shares memory with message.
func field(message []byte, number uint64) []byte {
	for len(message) > 0 {
		tag, n := binary.Uvarint(message)
		if n <= 0 {
			return nil
		}
		message = message[n:]
		length, n := binary.Uvarint(message)
		if n <= 0 {
			return nil
		}
		message = message[n:]
		if tag&7 != 2 { // a number: what was read is its value
			continue
		}
		if uint64(len(message)) < length {
			return nil
		}
		if tag>>3 == number {
			return message[:length]
		}
		message = message[length:]
	}
	return nil
}

// setSeconds overwrites the seconds (field 1) of a metav1.Time. From 1978 to 3058 they take five bytes, so nothing moves.
func setSeconds(timestamp []byte, seconds int64) error {
	encoded := binary.AppendUvarint(nil, uint64(seconds))
	if len(timestamp) < 6 || timestamp[0] != 1<<3 || len(encoded) != 5 {
		return fmt.Errorf("not a time: % x", timestamp)
	}
	copy(timestamp[1:], encoded)
	return nil
}
