// Room: ecosystems/rust. Which crates link a library of the system. Names of Debian's run-time packages.
// Sources: the build.rs of each crate (what it asks pkg-config for), Debian's Depends of the -dev packages. On trixie the t64 packages provide the names given here.
import type { Evidence } from '../../facts/types.ts';
import type { CargoLock, LockedCrate } from './lock.ts';
import type { Dependency } from './workspace.ts';

export interface SystemLibrary {
  crate: string;
  debian: string[];
  skip?: string;
  /** It is one of the system's, whichever: the crate asks pkg-config for it, and brings none itself. */
  ofSystem?: true;
  evidence: Evidence;
}
interface Row {
  debian: readonly string[];
  /** The C sources are compiled in when the lock has this crate. */
  vendoredBy?: string;
  /** … or when the crate itself depends on this one (a build dependency that only its `bundled` feature has). */
  bundledBy?: string;
}

const rows: Readonly<Record<string, Row>> = {
  'openssl-sys': { debian: ['libssl3'], vendoredBy: 'openssl-src' },
  'pq-sys': { debian: ['libpq5'], vendoredBy: 'pq-src' },
  'mysqlclient-sys': { debian: ['libmariadb3'], vendoredBy: 'mysqlclient-src' },
  'libsqlite3-sys': { debian: ['libsqlite3-0'], bundledBy: 'cc' },
  'sasl2-sys': { debian: ['libsasl2-2'], vendoredBy: 'krb5-src' },
  'zmq-sys': { debian: ['libzmq5'], vendoredBy: 'zeromq-src' },
  'libdbus-sys': { debian: ['libdbus-1-3'], bundledBy: 'cc' },
  // These four take the system's library where pkg-config finds it, as in the full image; dpkg itself needs it, so every Debian image has it.
  'libz-sys': { debian: ['zlib1g'] },
  'bzip2-sys': { debian: ['libbz2-1.0'] },
  'lzma-sys': { debian: ['liblzma5'] },
  'liblzma-sys': { debian: ['liblzma5'] },
  'curl-sys': { debian: ['libcurl4'] },
  'pcre2-sys': { debian: ['libpcre2-8-0'] },
  'freetype-sys': { debian: ['libfreetype6'] },
  'yeslogic-fontconfig-sys': { debian: ['libfontconfig1'] },
  'servo-fontconfig-sys': { debian: ['libfontconfig1'] },
  'expat-sys': { debian: ['libexpat1'] },
  'alsa-sys': { debian: ['libasound2'] },
  'libudev-sys': { debian: ['libudev1'] },
  hidapi: { debian: ['libudev1'] },
  'libusb1-sys': { debian: ['libusb-1.0-0'] },
  'libpulse-sys': { debian: ['libpulse0'] },
  'libgssapi-sys': { debian: ['libgssapi-krb5-2'] },
  'odbc-sys': { debian: ['libodbc2'] },
  pcap: { debian: ['libpcap0.8'] },
  'libseccomp-sys': { debian: ['libseccomp2'] },
  'libsystemd-sys': { debian: ['libsystemd0'] },
  'pam-sys': { debian: ['libpam0g'] },
  'geos-sys': { debian: ['libgeos-c1v5'], vendoredBy: 'geos-src' },
  'proj-sys': { debian: ['libproj25'] },
  'sdl2-sys': { debian: ['libsdl2-2.0-0'] },
  'libheif-sys': { debian: ['libheif1'] },
  libxml: { debian: ['libxml2'] },
};

/** Crates whose C sources are in the crate, or that have none, or that belong to other systems. */
const harmless = new Set([
  ...[
    'linux-raw-sys',
    'js-sys',
    'web-sys',
    'windows-sys',
    'windows_sys',
    'core-foundation-sys',
    'security-framework-sys',
    'system-configuration-sys',
    'fsevent-sys',
    'kqueue-sys',
    'inotify-sys',
    'io-kit-sys',
    'mach-sys',
    'ndk-sys',
    'jni-sys',
    'jni-sys-macros',
    'objc-sys',
    'coreaudio-sys',
    'wepoll-sys',
    'winapi-sys',
    'hermit-sys',
    'wasi-sys',
    'wgpu-sys',
    'dispatch-sys',
    'esaxx-sys',
    'netlink-sys',
    'ioctl-sys',
    'pnet_sys',
    // Rust itself, under the names of the C libraries that they replace
    'libbz2-rs-sys',
    'libz-rs-sys',
  ],
  ...[
    'dirs-sys',
    'dirs-sys-next',
    'clang-sys',
    'sys-locale',
    'termios-sys',
    'cryptoki-sys',
    'nvml-wrapper-sys',
    'lmdb-sys',
    'lmdb-rkv-sys',
    'lmdb-master-sys',
    'mdbx-sys',
    'rdkafka-sys',
    'libgit2-sys',
    'libssh2-sys',
    'zstd-sys',
    'lz4-sys',
    'aws-lc-sys',
    'aws-lc-fips-sys',
    'boring-sys',
    's2n-tls-sys',
    'tikv-jemalloc-sys',
    'jemalloc-sys',
    'libmimalloc-sys',
    'snmalloc-sys',
    'libnghttp2-sys',
  ],
  ...[
    'librocksdb-sys',
    'rust-librocksdb-sys',
    'leveldb-sys',
    'libsodium-sys',
    'libsodium-sys-stable',
    'secp256k1-sys',
    'onig_sys',
    'blst-sys',
    'gmp-mpfr-sys',
    'snappy-sys',
    'brotli-sys',
    'brotlic-sys',
    'backtrace-sys',
    'miniz-sys',
    'libz-ng-sys',
    'libdeflate-sys',
    'mozjpeg-sys',
    'libwebp-sys',
    'libavif-sys',
    'openjpeg-sys',
    'rquickjs-sys',
    'libquickjs-sys',
    'libfuzzer-sys',
    'tracy-client-sys',
    'ittapi-sys',
    'qdrant-segment-sys',
    'usearch-sys',
    'hyperscan-vendored-sys',
    'shaderc-sys',
    'audiopus_sys',
    'opus-sys',
    'cmake-sys',
    'tree-sitter-sys',
  ],
]);

/** Crates for other systems, which the lock of a portable crate names and no build for Linux compiles: those of winapi 0.2, and Fuchsia's (mio 0.6). */
const otherSystems =
  /^(?:fuchsia-.*|(?:advapi32|bcrypt|crypt32|dbghelp|dwmapi|gdi32|hid|iphlpapi|kernel32|netapi32|ole32|oleaut32|opengl32|powrprof|psapi|secur32|setupapi|shell32|user32|userenv|winmm|winusb|ws2_32)-sys|core-(?:graphics|text|media)-sys|coremidi-sys|mach2?-sys|redox[-_].*sys)$/;

/** Libraries that are loaded or linked in a way the lock does not tell, and graphical ones: no answer. */
const unclear =
  /^(?:glib|gobject|gio|gtk|gtk3|gtk4|gdk|gdk4|gdk-pixbuf|gdkx11|atk|pango|pangocairo|cairo|soup\d?|javascriptcore|javascriptcore-rs|webkit2gtk|webkit2gtk-web-extension|gsk4|graphene|gstreamer(?:-[a-z]+)*|pyo3-ffi|python3|ort|torch|gdal|opencv|magick_rust|ffmpeg|ffmpeg-sys-next|leptonica|tesseract|tesseract-plumbing|llvm|dav1d|hdf5|netcdf|tss-esapi|libbpf|libvips|xcb|x11|wayland|libduckdb|mlua)(?:-sys|-sys-rs|_sys)?$/;

/** Of these, what may be a shared library of the crate's own, which lies where cargo builds. Sources: docs.rs of ort, tch, duckdb. */
const bringsOwn = /^(?:ort|torch|libduckdb)(?:-sys|_sys)?$/;

/** The system libraries of these crates; crates of the harmless list are left out. `features`: of the workspace's own dependencies. */
export function systemLibraries(crates: readonly LockedCrate[], lock: CargoLock, dependencies: readonly Dependency[]): SystemLibrary[] {
  const names = new Set(lock.crates.map((crate) => crate.name));
  const asked = (name: RegExp, feature: RegExp): boolean =>
    dependencies.some((d) => name.test(d.name) && d.features.some((f) => feature.test(f)));
  const found = new Map<string, SystemLibrary>();
  const add = (crate: string, debian: readonly string[], skip?: string): void => {
    if (found.has(crate)) return;
    const evidence = {
      file: lock.path,
      line: lock.lineOf(crate),
      says:
        skip === undefined
          ? `${crate} links ${debian.join(', ') || 'nothing of the system'}`
          : `${crate} links a library that cannot be told`,
    };
    const ofSystem = skip !== undefined && unclear.test(crate) && !bringsOwn.test(crate);
    found.set(crate, { crate, debian: [...debian], ...(skip === undefined ? {} : { skip }), ...(ofSystem ? { ofSystem } : {}), evidence });
  };
  for (const { name, dependencies: own } of crates) {
    const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
    if (name === 'rdkafka-sys' && asked(/^rdkafka(?:-sys)?$/, /^dynamic[-_]linking$/)) add(name, ['librdkafka1']);
    else if (name === 'curl-sys' && (names.has('isahc') || asked(/^curl(?:-sys)?$/, /^static-curl$/))) add(name, []);
    else if (name === 'mlua-sys' && (names.has('lua-src') || names.has('luajit-src'))) add(name, []);
    else if (name === 'libduckdb-sys' && own.some((d) => d.split(' ')[0] === 'cc')) add(name, []);
    else if (row)
      add(
        name,
        (row.vendoredBy !== undefined && names.has(row.vendoredBy)) ||
          (row.bundledBy !== undefined && own.some((d) => d.split(' ')[0] === row.bundledBy))
          ? []
          : row.debian,
      );
    else if (harmless.has(name) || name.startsWith('windows') || otherSystems.test(name)) continue;
    else if (unclear.test(name) || /[-_]sys$/.test(name)) add(name, [], 'rust-sys-dynamic');
  }
  return [...found.values()].sort((a, b) => (a.crate < b.crate ? -1 : 1));
}

/** Crates that read the system's certificates of authorities. Sources: their documentation on https://docs.rs. */
export const certificateReaders = [
  'openssl-sys',
  'native-tls',
  'hyper-tls',
  'tokio-native-tls',
  'rustls-native-certs',
  'rustls-platform-verifier',
  'openssl-probe',
  'curl-sys',
  'openssl',
];
