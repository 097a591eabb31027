# Homebrew's formula: Linux gets the static program, macOS builds it.
class Aibrixctl < Formula
  desc "Finds and fixes what is wrong with AIBrix on Kubernetes"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    url "@BASE_URL@/aibrixctl-@VERSION@.tar.gz"
    sha256 "@SHA256_source@"
    depends_on "cli11" => :build
    depends_on "cmake" => :build
    depends_on "ninja" => :build
    depends_on "nlohmann-json" => :build
    depends_on "protozero" => :build
    depends_on "curl"
    depends_on "fmt"
    depends_on "libyaml"
    depends_on "openssl@3"
    depends_on "simdjson"
    depends_on "yaml-cpp"
  end

  on_linux do
    on_intel do
      url "@BASE_URL@/aibrixctl_@VERSION@_linux_amd64.tar.gz"
      sha256 "@SHA256_amd64@"
    end
    on_arm do
      url "@BASE_URL@/aibrixctl_@VERSION@_linux_arm64.tar.gz"
      sha256 "@SHA256_arm64@"
    end
  end

  def install
    if OS.mac?
      system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DBUILD_TESTING=OFF", *std_cmake_args
      system "cmake", "--build", "build"
      system "cmake", "--install", "build"
    else
      bin.install "aibrixctl", "completions/kubectl_complete-aibrix"
      bin.install_symlink "aibrixctl" => "kubectl-aibrix"
      man1.install Dir["man/man1/*.1"]
      bash_completion.install "completions/aibrixctl.bash" => "aibrixctl"
      zsh_completion.install "completions/_aibrixctl"
      fish_completion.install "completions/aibrixctl.fish"
      pkgshare.install "report.schema.json"
      prefix.install "licenses"
    end
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/aibrixctl --version")
    (testpath/"namespace.yaml").write("apiVersion: v1\nkind: Namespace\nmetadata: {name: team-a}\n")
    system bin/"aibrixctl", "doctor", "-f", "namespace.yaml", "--ci"
  end
end
