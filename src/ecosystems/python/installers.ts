// Room: ecosystems/python. Installers of package managers that their own sites have.
import type { InstallerRow } from '../../effects/rows/installers.ts';

export const pythonInstallers: readonly InstallerRow[] = [
  {
    address:
      /^https:\/\/(?:install\.python-poetry\.org\/?|raw\.githubusercontent\.com\/python-poetry\/[\w./-]+\/(?:install|get)-poetry\.py)$/,
    source: 'https://python-poetry.org/docs/#installing-with-the-official-installer: POETRY_HOME, else ~/.local; get-poetry.py: ~/.poetry',
    brings: 'poetry',
    variable: 'POETRY_HOME',
    places: '.local .poetry .profile .bashrc .bash_profile',
  },
  {
    address: /^https:\/\/astral\.sh\/uv\/(?:[\d.]+\/)?install\.sh$/,
    source: 'https://docs.astral.sh/uv/reference/installer: UV_INSTALL_DIR, else ~/.local/bin; ~/.cargo/bin before 0.5; shell profiles',
    brings: 'uv uvx',
    variable: 'UV_INSTALL_DIR',
    places: '.local .cargo .profile .bashrc .bash_profile .config',
  },
];
