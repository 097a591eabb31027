# nix-build, or pkgs.callPackage ./default.nix { }
{ pkgs ? import <nixpkgs> { }, lib ? pkgs.lib, stdenvNoCC ? pkgs.stdenvNoCC, fetchurl ? pkgs.fetchurl
, installShellFiles ? pkgs.installShellFiles }:

let
  version = "@VERSION@";
  files = {
    x86_64-linux = { name = "amd64"; sha256 = "@SHA256_amd64@"; };
    aarch64-linux = { name = "arm64"; sha256 = "@SHA256_arm64@"; };
  };
  system = stdenvNoCC.hostPlatform.system;
  file = files.${system} or (throw "aibrixctl: no program for ${system}");
in
stdenvNoCC.mkDerivation {
  pname = "aibrixctl";
  inherit version;
  src = fetchurl {
    url = "@BASE_URL@/aibrixctl_${version}_linux_${file.name}.tar.gz";
    inherit (file) sha256;
  };
  nativeBuildInputs = [ installShellFiles ];
  dontConfigure = true;
  dontBuild = true;
  installPhase = ''
    runHook preInstall
    install -D -m 755 -t $out/bin aibrixctl completions/kubectl_complete-aibrix
    ln -s aibrixctl $out/bin/kubectl-aibrix
    installManPage man/man1/*.1
    installShellCompletion --bash --name aibrixctl completions/aibrixctl.bash
    installShellCompletion --zsh --name _aibrixctl completions/_aibrixctl
    installShellCompletion --fish --name aibrixctl.fish completions/aibrixctl.fish
    install -D -m 644 -t $out/share/aibrixctl report.schema.json
    mkdir -p $out/share/doc/aibrixctl
    cp -R LICENSE licenses $out/share/doc/aibrixctl
    runHook postInstall
  '';
  meta = {
    description = "Finds and fixes what is wrong with AIBrix on Kubernetes";
    homepage = "@HOMEPAGE@";
    license = lib.licenses.asl20;
    mainProgram = "aibrixctl";
    platforms = builtins.attrNames files;
    sourceProvenance = [ lib.sourceTypes.binaryNativeCode ];
  };
}
