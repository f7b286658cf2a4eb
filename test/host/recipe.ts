/** A package of the npm registry, with the digest that its file must have. */
export interface PinnedPackage {
  /** `name@version`, as `npm pack` takes it. */
  readonly spec: string;
  /** Subresource integrity of the `.tgz`. */
  readonly integrity: string;
}

/** `linux-x64`, `darwin-arm64`, …: names native packages and the install folder. */
export const platform = `${process.platform}-${process.arch}`;

/** The VS Code that tests run in, hosted or desktop: the oldest one that `engines.vscode` allows. */
export const vscodeVersion = '1.100.3';

/** Brings VS Code's server, web workbench and extension host of that version. */
export const codeServer: PinnedPackage = {
  spec: 'code-server@4.100.3',
  integrity:
    'sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==',
};

/** Terminals. The 1.2 betas carry prebuilt N-API binaries, where 1.1 needs a compiler. */
export const nodePty: PinnedPackage = {
  spec: 'node-pty@1.2.0-beta.15',
  integrity:
    'sha512-vORSzHXi4Ofl7HemVWpuudLqCPdaQb4LfpRCUpE5HPxhp4JYscl8zZwxh11p26v2wvW24WMwnMfLjhRLixrfxA==',
};

const ripgrepIntegrity: Readonly<Record<string, string>> = {
  'linux-x64':
    'sha512-mQ3bVrUpnD2vs7QT0vX90Lt0cnUq467uFtEktIdsJJmW296RoSULRGqWgzG1AKxyBpNDD6l4ZO4qKf6SgyC23Q==',
  'linux-arm64':
    'sha512-lQ/5zTG++U0E3IhVgS4EPTTn/U4okncaRMM5GOFfOYZywS4nuD31GhkHbNYlDk5CuDC68+hYJ0/eQeyCKJDA+g==',
  'darwin-x64':
    'sha512-25b4gWbL138dGuQU244ebCKKc0q05ULBMoFSz9oAEUHNeqK/lOJViDS7DRvbDazzAzSEdan391Znks/R5mkaTQ==',
  'darwin-arm64':
    'sha512-r3ktHSvbFycQNF6sl7sNDPocpsI7J+mEzh1IaZFkY0spm3k2Z9t8hPAeOK7+p0l6p6/swkQC14XWX01low+94Q==',
};

/** Search and `workspace.findFiles`: the package with this platform's binary inside. */
export function ripgrep(): PinnedPackage {
  const integrity = ripgrepIntegrity[platform];
  if (integrity === undefined)
    throw new Error(
      `The hosted VS Code is not known to work on ${platform}; set VSCODE_EXECUTABLE to a desktop one.`,
    );
  return { spec: `@vscode/ripgrep-${platform}@1.18.0`, integrity };
}

/** Native modules of other platforms, and one that only corporate proxies need. */
export const unneededModules = ['@vscode/windows-process-tree', '@vscode/windows-registry', 'kerberos'];
