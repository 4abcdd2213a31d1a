// Room: knowledge/. Programs that the packages of compilers bring beside the one that they are named after.
import { program } from './programs.ts';

const BINUTILS = 'ld as ar nm ranlib strip objcopy objdump readelf size strings';
const GCC = `gcc cc cpp gcov ${BINUTILS}`;
const BUILD = `${GCC} g++ c++ make gmake patch`;
/** Sources: packages.debian.org, build-essential and what it depends on; pkgs.alpinelinux.org, build-base. */
const BROUGHT: Readonly<Record<string, string>> = {
  'build-essential': `${BUILD} perl xz unxz bzip2 bunzip2 tar dpkg-buildpackage`,
  'build-base': BUILD,
  'alpine-sdk': `${BUILD} git tar abuild`,
  gcc: GCC,
  'g++': `${GCC} g++ c++`,
  clang: 'clang clang++ ld',
  gfortran: `${GCC} gfortran`,
  binutils: BINUTILS,
  make: 'make gmake',
  cargo: 'cargo rustc',
  rust: 'rustc cargo',
};

/** In: the name of a program, and those of packages of Debian or Alpine. Out: the package among them that brings it, as far as is known. */
export function broughtWith(name: string, packages: readonly string[]): string | undefined {
  const known = program(name);
  return packages.find((one) => {
    const plain = one.replace(/-\d+$/, '');
    return plain === name || one === known?.debian || one === known?.alpine || BROUGHT[plain]?.split(' ').includes(name) === true;
  });
}

/** Compilers and what calls them: programs that something starts by a name that stands somewhere. */
export const COMPILERS: readonly string[] = 'gcc g++ cc c++ clang clang++ gfortran make gmake cmake cargo rustc'.split(' ');
