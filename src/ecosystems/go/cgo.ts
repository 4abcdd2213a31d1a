// Room: ecosystems/go. Whether a Go program needs cgo.
import { known, unknown, type Evidence, type Fact } from '../../facts/types.ts';
import { importMatches } from './calls.ts';
import type { ModFile } from './modfile.ts';
import type { GoFile } from './source.ts';

/** Bindings of C alone. Source: their repositories, which compile and link no C++. */
const ofC = [
  'runtime/cgo',
  'github.com/mattn/go-sqlite3',
  'gorm.io/driver/sqlite',
  'github.com/golang-migrate/migrate/database/sqlite3',
  'github.com/jinzhu/gorm/dialects/sqlite',
  'github.com/upper/db/adapter/sqlite',
  'github.com/mutecomm/go-sqlcipher',
  'crawshaw.io/sqlite',
  'github.com/bvinc/go-sqlite-lite',
  'github.com/DataDog/zstd',
  'github.com/miekg/pkcs11',
  'github.com/PowerDNS/lmdb-go',
  'github.com/bmatsuo/lmdb-go',
  'github.com/google/gopacket/pcap',
  'github.com/gopacket/gopacket/pcap',
  'github.com/seccomp/libseccomp-golang',
];

/** Packages that are C bindings. Sources: their documentation on https://pkg.go.dev; all import "C" (go-sqlite3 even builds without cgo and fails at the first query). */
const bindings = [
  ...ofC,
  ...['plugin', 'crypto/boring', 'crypto/tls/fipsonly'],
  ...['github.com/tursodatabase/go-libsql', 'github.com/asg017/sqlite-vec-go-bindings/cgo'],
  ...[
    'github.com/confluentinc/confluent-kafka-go',
    'gopkg.in/confluentinc/confluent-kafka-go',
    'github.com/pebbe/zmq4',
    'github.com/ibm-messaging/mq-golang',
    'github.com/apple/foundationdb/bindings/go',
  ],
  ...[
    'gocv.io/x/gocv',
    'github.com/h2non/bimg',
    'github.com/davidbyttow/govips',
    'github.com/cshum/vipsgen',
    'gopkg.in/gographics/imagick',
    'github.com/gographics/imagick',
    'github.com/chai2010/webp',
    'github.com/kolesa-team/go-webp',
    'github.com/otiai10/gosseract',
    'github.com/gen2brain/go-fitz',
    'github.com/strukturag/libheif',
  ],
  ...[
    'github.com/marcboeker/go-duckdb',
    'github.com/duckdb/duckdb-go',
    'github.com/linxGnu/grocksdb',
    'github.com/tecbot/gorocksdb',
    'github.com/jmhodges/levigo',
  ],
  ...['github.com/valyala/gozstd', 'github.com/flier/gohs'],
  ...[
    'github.com/ThalesGroup/crypto11',
    'github.com/ThalesIgnite/crypto11',
    'github.com/golang-fips/openssl',
    'github.com/spacemonkeygo/openssl',
    'github.com/supranational/blst',
    'github.com/herumi/bls-eth-go-binary',
    'github.com/filecoin-project/filecoin-ffi',
    'github.com/CosmWasm/wasmvm',
  ],
  ...['github.com/godror/godror', 'github.com/mattn/go-oci8', 'github.com/alexbrainman/odbc', 'github.com/ibmdb/go_ibm_db'],
  ...[
    'github.com/google/gousb',
    'github.com/karalabe/hid',
    'github.com/coreos/go-systemd/sdjournal',
    'libvirt.org/go',
    'libvirt.org/libvirt-go',
    'github.com/libvirt/libvirt-go',
    'github.com/NVIDIA/go-nvml',
    'github.com/containers/storage',
  ],
  ...[
    'github.com/go-gl',
    'fyne.io/fyne',
    'github.com/hajimehoshi/ebiten',
    'github.com/veandco/go-sdl2',
    'github.com/gotk3/gotk3',
    'github.com/diamondburned/gotk4',
    'github.com/webview/webview_go',
    'github.com/go-vgo/robotgo',
  ],
  ...[
    'github.com/gordonklaus/portaudio',
    'github.com/hajimehoshi/oto',
    'github.com/ebitengine/oto',
    'github.com/hraban/opus',
    'gopkg.in/hraban/opus',
    'layeh.com/gopus',
  ],
  ...['github.com/twpayne/go-geos', 'github.com/lukeroth/gdal', 'github.com/airbusgeo/godal', 'github.com/libgit2/git2go'],
  ...[
    'github.com/bytecodealliance/wasmtime-go',
    'github.com/wasmerio/wasmer-go',
    'rogchap.com/v8go',
    'github.com/tree-sitter',
    'github.com/smacker/go-tree-sitter',
    'github.com/daulet/tokenizers',
    'github.com/yalue/onnxruntime_go',
  ],
];
/** Bindings that other modules use behind a build tag with a replacement in Go: required indirectly they say nothing. */
const replaceable = [
  'github.com/DataDog/zstd',
  'github.com/valyala/gozstd',
  'github.com/containers/storage',
  'github.com/seccomp/libseccomp-golang',
  'github.com/supranational/blst',
  'github.com/go-gl',
  'github.com/NVIDIA/go-nvml',
];

/** True for an import path (or module path) that is a C binding. */
export const needsCgo = (path: string): boolean => bindings.some((prefix) => importMatches(path, prefix));

/** What the decision is made from. */
export interface CgoSources {
  files: readonly GoFile[];
  mod: ModFile | undefined;
  modPath: string;
  /** Packages of vendor/modules.txt with their line, when the module is vendored: exactly what the build compiles. */
  vendored: { path: string; package: string; line: number }[] | undefined;
  /** Why some files could not be read. */
  gaps: readonly string[];
}

/** True with evidence, false, or unknown: files that were not read, or a binding that only a dependency may import. */
export function cgoFact({ files, mod, modPath, vendored, gaps }: CgoSources): Fact<boolean> {
  const evidence: Evidence[] = [];
  for (const file of files)
    for (const { path, line } of file.imports) {
      if (path === 'C') evidence.push({ file: file.path, line, says: 'import "C"' });
      else if (needsCgo(path)) evidence.push({ file: file.path, line, says: `imports ${path}, which needs cgo` });
    }
  for (const entry of vendored ?? [])
    if (needsCgo(entry.package) && !replaceable.some((r) => importMatches(entry.package, r)))
      evidence.push({ file: entry.path, line: entry.line, says: `compiles ${entry.package}, which needs cgo` });
  if (evidence.length > 0) return known(true, ...evidence);
  const [gap] = gaps;
  if (gap !== undefined) return unknown(gap);
  const indirect = vendored
    ? undefined
    : mod?.requires.find((r) => r.indirect && needsCgo(r.path) && !replaceable.some((prefix) => importMatches(r.path, prefix)));
  if (indirect)
    return unknown(`${indirect.path} needs cgo and is required by a dependency`, {
      file: modPath,
      line: indirect.line,
      says: `requires ${indirect.path} // indirect`,
    });
  return known(false, { file: modPath, says: 'nothing that needs cgo is imported' });
}

/** Nothing that is imported, vendored or required links the library of C++: each binding is of C alone, and there is none of the project's own. */
export function linksOnlyC({ files, mod, vendored, gaps }: CgoSources): boolean {
  const paths = [
    ...files.flatMap(({ imports }) => imports.map(({ path }) => path)),
    ...(vendored ?? []).map((entry) => entry.package),
    ...(mod?.requires ?? []).map(({ path }) => path),
  ];
  return gaps.length === 0 && paths.every((path) => path !== 'C' && (!needsCgo(path) || ofC.some((prefix) => importMatches(path, prefix))));
}
