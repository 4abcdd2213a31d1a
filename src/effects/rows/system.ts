// Room: effects/rows. Users, settings of the system, compilers. Sources: the manual page of each program; shadow(5) tools; Debian and Alpine packages.
import { HOME_UNKNOWN, anywhere, file, joined, placeOf, placesOf, tree, valueOf } from '../places.ts';
import type { Call, Place, Places, Row, Told } from '../types.ts';
import { names, options } from '../words.ts';

const accounts = [
  file('/etc/passwd'),
  file('/etc/group'),
  file('/etc/shadow'),
  file('/etc/gshadow'),
  file('/etc/subuid'),
  file('/etc/subgid'),
];

/** Users and groups; a home directory comes with some of them. */
function users({ name, args, state }: Call): Told {
  const read = options(
    args,
    names('-d -h -b -u -g -G -s -c -k -K -p --home --home-dir --uid --gid --groups --shell --comment --ingroup --gecos'),
  );
  const home = read.value('-d', '--home', '--home-dir', ...(name === 'adduser' ? ['-h'] : []));
  const login = read.rest[0] && valueOf(read.rest[0], state);
  const place = home ? placeOf(home, state, true) : login === undefined || !name.startsWith('user') ? undefined : tree(`/home/${login}`);
  return { does: { kind: 'users' }, writes: { known: [...accounts, ...(place ? [place] : name === 'adduser' ? [tree('/home')] : [])] } };
}

/** A setting of the system that lies in known places. It reads the files that it is given, too. */
const sets = (programs: string, source: string, known: readonly Place[], reads: readonly Place[] = []): Row => ({
  programs,
  source,
  tell: (call) => ({ does: { kind: 'configure', tool: call.name }, writes: { known }, reads: joined({ known: reads }, givenFiles(call)) }),
});

/** The files that a command is given: paths, values of `--option=path`, and names of files that stand at the working directory. */
function givenFiles({ args, state }: Call): Places {
  const given = args.flatMap((word) => {
    const { value = word.raw } = word;
    const path = /^-[\w-]*=/.test(value) ? value.slice(value.indexOf('=') + 1) : value;
    if (path.startsWith('-') || path.includes('://')) return [];
    const named = path === value ? word : { ...word, value: path, raw: path };
    const place = path.includes('/') ? undefined : placeOf(named, state, false);
    return path.includes('/') || (place && state.read?.(place.path) !== undefined) ? [named] : [];
  });
  return placesOf(given, state, false);
}

/** gpg keeps its keys in the home directory, and writes what -o names. Source: gpg(1). */
function gpg(call: Call): Told {
  const { args, state } = call;
  const output = options(args, names('-o --output --keyserver --recv-keys --keyring --homedir')).value('-o', '--output');
  const home = state.home === undefined ? [] : [tree(`${state.home}/.gnupg`)];
  const written = output ? placesOf([output], state, false) : { known: [] };
  return { does: { kind: 'configure', tool: 'gpg' }, writes: { ...written, known: [...written.known, ...home] }, reads: givenFiles(call) };
}

/** `-out FILE`, `-keyout FILE`. Source: openssl(1). */
function openssl(call: Call): Told {
  const { args, state } = call;
  const outs = args.filter((_, n) => ['-out', '-keyout', '--out'].includes(args[n - 1]?.value ?? ''));
  const reads = givenFiles({ ...call, args: args.filter((word) => !outs.includes(word)) });
  return { does: { kind: 'configure', tool: 'openssl' }, writes: placesOf(outs, state, false), reads };
}

/** A compiler: what `-o` names, else the working directory. */
function compiler({ name, args, state }: Call): Told {
  const output = options(args, names('-o')).value('-o');
  const cwd = state.cwd === undefined ? undefined : tree(state.cwd);
  const asks = args.length > 0 && args.every((word) => ['--version', '-v', '-dumpversion', '-dumpmachine'].includes(word.value ?? ''));
  if (asks) return { does: { kind: 'nothing' } };
  return {
    does: { kind: 'build', tool: name, ...(['tsc', 'protoc'].includes(name) ? { text: true } : {}) },
    writes: output ? placesOf([output], state, false) : cwd ? { known: [cwd] } : anywhere('by a compiler'),
    reads: cwd ? { known: [cwd] } : anywhere('by a compiler'),
  };
}

/** Runs tasks of a file of its own: what they start, read and write is not known. */
export function tasks({ name, args }: Call): Told {
  if (args.length > 0 && args.every((word) => /^(--?v(ersion)?|--help|-h|--list|-l)$/.test(word.value ?? '')))
    return { does: { kind: 'nothing' } };
  const why = `runs \`${name}\`, whose tasks are not read`;
  return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why, unread: why };
}

/** Runs the recipes of a file: what they start, read and write is theirs. Source: cmake(1), ninja(1), meson(1). */
function recipes({ name, args }: Call): Told {
  if (args.length > 0 && args.every((word) => /^(--?v(ersion)?|--help|-h)$/.test(word.value ?? ''))) return { does: { kind: 'nothing' } };
  const why = `runs \`${name}\`, whose recipes are not read`;
  return {
    does: { kind: 'build', tool: name },
    writes: anywhere(`by ${name}`),
    reads: anywhere(`by ${name}`),
    startsUnknown: why,
    unread: why,
  };
}

/** `dpkg -i FILE` installs; `--add-architecture` and the like are settings. Source: dpkg(1). */
function dpkg({ args, state }: Call): Told {
  const flags = new Set(args.map((word) => word.value ?? ''));
  if (
    ['-l', '-s', '-L', '-S', '--print-architecture', '--list', '--status', '--version', '--print-foreign-architectures'].some((flag) =>
      flags.has(flag),
    )
  )
    return { does: { kind: 'nothing' } };
  if (flags.has('-i') || flags.has('--install') || flags.has('-x') || flags.has('-R'))
    return {
      does: { kind: 'package', manager: 'dpkg', what: 'install-named' },
      writes: anywhere('by a package'),
      reads: placesOf(options(args).rest, state, true),
    };
  return { does: { kind: 'configure', tool: 'dpkg' }, writes: { known: [tree('/var/lib/dpkg'), tree('/etc')] } };
}

export const systemRows: readonly Row[] = [
  {
    programs: 'useradd adduser groupadd addgroup usermod groupmod userdel deluser groupdel delgroup',
    source: 'useradd(8), adduser(8); BusyBox adduser',
    tell: users,
  },
  sets('passwd chpasswd chsh gpasswd chage', 'passwd(1), chpasswd(8)', accounts),
  sets(
    'update-ca-certificates',
    'update-ca-certificates(8)',
    [tree('/etc/ssl')],
    [tree('/usr/local/share/ca-certificates'), file('/etc/ca-certificates.conf')],
  ),
  sets('update-ca-trust trust', 'update-ca-trust(8)', [tree('/etc/pki')], [tree('/etc/pki/ca-trust/source')]),
  sets(
    'locale-gen localedef update-locale',
    'locale-gen(8), localedef(1)',
    [tree('/usr/lib/locale'), tree('/etc/default'), file('/etc/locale.gen')],
    [file('/etc/locale.gen')],
  ),
  sets(
    'dpkg-reconfigure debconf-set-selections',
    'dpkg-reconfigure(8)',
    [tree('/etc'), tree('/var/cache/debconf')],
    [file('/etc/timezone')],
  ),
  sets('ldconfig', 'ldconfig(8)', [file('/etc/ld.so.cache')], [tree('/usr/lib'), tree('/usr/local/lib'), tree('/etc')]),
  sets('update-alternatives', 'update-alternatives(1)', [tree('/etc/alternatives'), tree('/usr/bin'), tree('/var/lib/dpkg')]),
  sets('fc-cache', 'fc-cache(1)', [tree('/var/cache/fontconfig')], [tree('/usr/share/fonts'), tree('/usr/local/share/fonts')]),
  sets('a2enmod a2dismod a2ensite a2dissite a2enconf a2disconf', 'a2enmod(8)', [tree('/etc/apache2')]),
  sets('apt-key add-apt-repository apt-add-repository apt-mark', 'apt-key(8), add-apt-repository(1), apt-mark(8)', [
    tree('/etc/apt'),
    tree('/usr/share/keyrings'),
    tree('/var/lib/apt'),
  ]),
  sets('update-rc.d systemctl service rc-update invoke-rc.d', 'update-rc.d(8), systemctl(1)', [tree('/etc'), tree('/var/run')]),
  sets('crontab', 'crontab(1)', [tree('/var/spool/cron')]),
  sets('mandb update-mime-database gtk-update-icon-cache update-desktop-database', 'mandb(8), update-mime-database(1)', [
    tree('/var/cache'),
    tree('/usr/share'),
  ]),
  {
    programs: 'ssh-keygen ssh-keyscan ssh-agent ssh-add ssh',
    source: 'ssh-keygen(1), ssh-keyscan(1)',
    tell: (call) =>
      call.name === 'ssh-keyscan'
        ? { does: { kind: 'nothing' } }
        : {
            does: { kind: 'configure', tool: call.name },
            writes: call.state.home === undefined ? anywhere(HOME_UNKNOWN) : { known: [tree(`${call.state.home}/.ssh`), tree('/etc/ssh')] },
            reads: givenFiles(call),
          },
  },
  { programs: 'gpg gpg2', source: 'gpg(1)', tell: gpg },
  { programs: 'gpgv gpgconf', source: 'gpgv(1), gpgconf(1)', tell: () => ({ does: { kind: 'nothing' } }) },
  { programs: 'openssl', source: 'openssl(1)', tell: openssl },
  { programs: 'dpkg', source: 'dpkg(1)', tell: dpkg },
  {
    programs: 'gcc g++ cc c++ cpp clang clang++ ld ar ranlib as tsc protoc',
    source: 'gcc(1), clang(1), tsc and protoc --help',
    tell: compiler,
  },
  {
    programs: 'cmake ninja meson autoconf automake autoreconf configure bazel scons',
    source: 'cmake(1), ninja(1), meson(1), autoconf(1)',
    tell: recipes,
  },
  {
    programs: 'just task go-task mage foreman overmind hivemind goreman',
    source: 'just.systems/man; taskfile.dev; magefile.org; ddollar/foreman; DarthSim/overmind',
    tell: tasks,
  },
];
