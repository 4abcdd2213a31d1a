// Tests of ecosystems/go: a module read from its files.
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../../src/context/memory.ts';
import { goProject, usesBuildInfo } from '../../../src/ecosystems/go/project.ts';
import type { GoProject } from '../../../src/ecosystems/go/types.ts';
import { costOf } from '../../cost.ts';

const project = (files: Record<string, string>, dir = '', ignores?: (path: string) => boolean): GoProject => {
  const prefix = dir === '' ? '' : `${dir}/`;
  const read = goProject(memoryTree({ [`${prefix}go.mod`]: 'module example.com/shop\n\ngo 1.23\n', ...files }), dir, ignores);
  if (!read) throw new Error('no project');
  return read;
};
const main = (imports: string, body = ''): string => `package main\n\nimport (\n${imports}\n)\n\nfunc main() {\n${body}\n}\n`;
const cgoOf = (p: GoProject): unknown => {
  const fact = p.cgo();
  return 'value' in fact ? fact.value : 'unknown';
};
const hitsOf = (body: string, imports: string, files: Record<string, string> = {}): [string, string | undefined][] =>
  project({ 'main.go': main(imports, body), ...files })
    .hits()
    .map((hit) => [hit.kind, hit.literal]);

describe('the module', () => {
  test('no go.mod is no project', () => expect(goProject(memoryTree({ 'main.go': 'package main' }), '')).toBeUndefined());
  test('its name, version and main packages', () => {
    const p = project({
      'go.sum': '',
      'main.go': 'package main',
      'cmd/worker/main.go': '// Worker.\n/* more */ package main',
      'internal/a/a.go': 'package a',
      'tools/gen.go': '//go:build ignore\n\npackage main',
    });
    expect([p.module, p.goVersion, p.hasSum, p.mains]).toEqual(['example.com/shop', '1.23', true, ['', 'cmd/worker']]);
  });
  test('files of other systems, tests and other modules are not read', () => {
    const p = project(
      {
        'main.go': 'package main',
        'app_windows.go': 'package main\nimport "C"',
        'app_darwin_arm64.go': 'package main\nimport "C"',
        'app_test.go': 'package main\nimport "C"',
        'old.go': '// +build !linux\n\npackage main\nimport "C"',
        'testdata/x.go': 'package main\nimport "C"',
        'other/go.mod': 'module other',
        'other/x.go': 'package main\nimport "C"',
        'hidden/x.go': 'package main\nimport "C"',
      },
      '',
      (path) => path.startsWith('hidden/'),
    );
    expect([cgoOf(p), p.mains]).toEqual([false, ['']]);
  });
  test('what stands in a sub-directory has its paths from there', () => {
    const p = project({ 'api/cmd/api/main.go': 'package main', 'web/main.go': 'package main' }, 'api');
    expect([p.modPath, p.mains]).toEqual(['api/go.mod', ['cmd/api']]);
  });
  test('embedded patterns', () => {
    const p = project({
      'web/web.go':
        'package web\nimport "embed"\n//go:embed all:static templates/*.html "a b.txt"\nvar files embed.FS\n// //go:embed not\nvar s = "//go:embed neither"',
    });
    expect(p.embeds.map((e) => e.pattern)).toEqual(['static', 'templates/*.html', 'a b.txt']);
    expect(p.embeds[0]?.evidence).toEqual({ file: 'web/web.go', line: 3, says: '//go:embed static' });
  });
  test('imports in comments and strings are none', () => {
    const p = project({
      'main.go':
        'package main\n// import "C"\n/* import "os/exec" */\nimport fmt "fmt"; import _ `time/tzdata`\nvar s = `\nimport "net/http"\n`\n',
    });
    expect([...p.imports.keys()]).toEqual(['fmt', 'time/tzdata']);
  });
  test('build information', () =>
    expect(usesBuildInfo(project({ 'main.go': main('"runtime/debug"', 'debug.ReadBuildInfo()') }))).toEqual([
      { file: 'main.go', line: 8, says: 'debug.ReadBuildInfo' },
    ]));
});

describe('cgo', () => {
  test('import "C" is evidence', () => {
    const fact = project({ 'main.go': 'package main\n\n// #include <stdio.h>\nimport "C"\n' }).cgo();
    expect(fact).toEqual({ value: true, evidence: [{ file: 'main.go', line: 4, says: 'import "C"' }] });
  });
  test('go-sqlite3 is (hard case 12)', () => expect(cgoOf(project({ 'main.go': main('_ "github.com/mattn/go-sqlite3"') }))).toBe(true));
  test('look-alikes in Go are not', () =>
    expect(
      cgoOf(project({ 'main.go': main('_ "modernc.org/sqlite"\n_ "github.com/glebarez/sqlite"\n"github.com/segmentio/kafka-go"') })),
    ).toBe(false));
  test('major versions and sub-packages count', () =>
    expect(cgoOf(project({ 'main.go': main('"github.com/confluentinc/confluent-kafka-go/v2/kafka"') }))).toBe(true));
  test('a binding that only a dependency requires is unknown', () =>
    expect(
      cgoOf(
        project({
          'go.mod': 'module m\ngo 1.22\nrequire (\n\tgithub.com/mattn/go-sqlite3 v1.14.0 // indirect\n)',
          'main.go': main('"fmt"'),
        }),
      ),
    ).toBe('unknown'));
  test('a binding with a replacement in Go does not count there', () =>
    expect(
      cgoOf(project({ 'go.mod': 'module m\ngo 1.22\nrequire github.com/DataDog/zstd v1.5.0 // indirect', 'main.go': main('"fmt"') })),
    ).toBe(false));
  test('vendor/modules.txt names what is compiled', () => {
    const p = project({
      'main.go': main('"example.com/lib"'),
      'vendor/modules.txt': '# github.com/mattn/go-sqlite3 v1.14.0\n## explicit\ngithub.com/mattn/go-sqlite3\n',
    });
    expect([cgoOf(p), p.vendored]).toEqual([true, true]);
  });
  test('a file that cannot be read makes it unknown', () => {
    const tree = memoryTree({ 'go.mod': 'module m', 'main.go': 'package main', 'big.go': { size: 99_000_000 } });
    expect(goProject(tree, '')?.cgo()).toMatchObject({ unknown: expect.stringContaining('big.go') });
  });
  test('only what a main package imports counts when asked for it', () => {
    const p = project({
      'cmd/api/main.go': main('"example.com/shop/store"'),
      'store/store.go': 'package store',
      'cmd/tool/main.go': main('"example.com/shop/native"'),
      'native/n.go': 'package native\nimport "C"',
    });
    expect(cgoOf(p)).toBe(true);
    expect(p.cgo({ mains: ['cmd/api'] })).toMatchObject({ value: false });
  });
  test('build tags decide', () => {
    const p = project({ 'main.go': 'package main', 'x.go': '//go:build native && (linux || darwin)\n\npackage main\nimport "C"' });
    expect(cgoOf(p)).toBe(false);
    expect(p.cgo({ tags: ['native'] })).toMatchObject({ value: true });
  });
});

describe('what the code touches', () => {
  test('templates and static files by literal (hard case 13)', () =>
    expect(
      hitsOf(
        'template.ParseGlob("web/templates/*.html")\nhttp.Handle("/", http.FileServer(http.Dir("./web/static")))',
        '"html/template"\n"net/http"',
      ),
    ).toEqual([
      ['read', 'web/templates/*.html'],
      ['mime', undefined],
      ['read', './web/static'],
    ]));
  test('computed paths have no literal', () => expect(hitsOf('os.Open(os.Args[1])', '"os"')).toEqual([['read', undefined]]));
  test('constants, joins and sums of literals are literal', () =>
    expect(
      hitsOf('os.ReadFile(filepath.Join(dir, "a.txt"))\nos.ReadFile("x/" + "b" + name)\nos.ReadFile(dir + v)', '"os"\n"path/filepath"', {
        'dir.go': 'package main\nconst dir = "data"\nconst (\n  name string = ".txt"\n)',
      }),
    ).toEqual([
      ['read', 'data/a.txt'],
      ['read', 'x/b.txt'],
      ['read', undefined],
    ]));
  test('programs', () =>
    expect(hitsOf('exec.Command("ffmpeg", "-i")\nexec.CommandContext(ctx, tool)', '"os/exec"')).toEqual([
      ['spawn', 'ffmpeg'],
      ['spawn', undefined],
    ]));
  test('zones (hard case 14), unless time/tzdata is compiled in', () => {
    expect(hitsOf('time.LoadLocation(cfg.TZ)\ntime.LoadLocation("UTC")', '"time"')).toEqual([['timezone', undefined]]);
    expect(hitsOf('time.LoadLocation(cfg.TZ)', '"time"\n_ "time/tzdata"')).toEqual([]);
  });
  test('writing and reading by OpenFile', () =>
    expect(hitsOf('os.OpenFile("app.log", os.O_CREATE|os.O_WRONLY, 0o644)\nos.OpenFile("in", os.O_RDONLY, 0)', '"os"')).toEqual([
      ['write', 'app.log'],
      ['read', 'in'],
    ]));
  test('temporary files, users, ports, environment files', () =>
    expect(
      hitsOf(
        'os.CreateTemp("", "x")\nr.FormFile("f")\nuser.Current()\nr.Run(":8080")\nDial(host + ":443")\ngodotenv.Load()',
        '"os"\n"os/user"\n"github.com/joho/godotenv"',
      ),
    ).toEqual([
      ['temp', undefined],
      ['temp', undefined],
      ['user', undefined],
      ['listen', ':8080'],
      ['env-file', '.env'],
    ]));
  test('static directories of web frameworks', () =>
    expect(hitsOf('r.Static("/s", "./public")\nr.LoadHTMLGlob("views/*")', '"github.com/gin-gonic/gin"').map(([, l]) => l)).toEqual([
      './public',
      undefined,
      'views/*',
    ]));
  test('clients of TLS', () =>
    expect(hitsOf('http.Get(url)', '"net/http"\n"google.golang.org/grpc"').map(([kind]) => kind)).toEqual(['tls', 'tls']));
  test('nothing in comments and strings', () =>
    expect(hitsOf('// os.Open(x)\nfmt.Println("os.Open(x)", `exec.Command(y)`)', '"fmt"\n"os"')).toEqual([]));
  test('a name given to the import', () => expect(hitsOf('f.Open("x")', 'f "os"')).toEqual([['read', 'x']]));
  test('a literal that names a file of the context', () =>
    expect(hitsOf('load("configs/app.yaml", "nothing/here.yaml")', '"fmt"', { 'configs/app.yaml': 'a: 1' })).toEqual([
      ['read', 'configs/app.yaml'],
    ]));
  test('sqlite files', () =>
    expect(hitsOf('sql.Open("sqlite", "file:app.db?cache=shared")\nsql.Open("pgx", dsn)', '"database/sql"')).toEqual([
      ['write', 'app.db'],
    ]));
});

describe('manifests', () => {
  const set = (p: GoProject): unknown => {
    const manifests = p.manifests();
    return 'set' in manifests ? { files: manifests.set.files, dirs: manifests.set.dirs } : manifests.blocked.skip;
  };
  test('go.mod and go.sum', () => expect(set(project({ 'go.sum': 'x' }))).toEqual({ files: ['go.mod', 'go.sum'], dirs: [] }));
  test('a hidden go.sum is not listed', () =>
    expect(set(project({ 'go.sum': 'x' }, '', (p) => p === 'go.sum'))).toEqual({ files: ['go.mod'], dirs: [] }));
  test('a workspace lists its modules', () =>
    expect(
      set(
        project({
          'go.work': 'go 1.22\nuse (\n  .\n  ./lib // shared\n)',
          'go.work.sum': '',
          'lib/go.mod': 'module example.com/lib',
          'lib/go.sum': '',
        }),
      ),
    ).toEqual({ files: ['go.work', 'go.work.sum', 'go.mod', 'lib/go.mod', 'lib/go.sum'], dirs: [] }));
  test('local replacements as directories', () => {
    const p = project({
      'go.mod': 'module m\nreplace example.com/lib v1.0.0 => ./lib\nreplace a => b v1',
      'lib/go.mod': 'module example.com/lib',
    });
    expect([set(p), p.localReplaces]).toEqual([{ files: ['go.mod'], dirs: ['lib'] }, ['lib']]);
  });
  test('a replacement outside the context blocks', () =>
    expect(set(project({ 'go.mod': 'module m\nreplace a => ../a' }))).toBe('local-dependency'));
  test('vendored: nothing to download', () => expect(set(project({ 'vendor/modules.txt': '# a v1\na' }))).toBe('go-vendored'));
  test('a workspace without a module at its root', () => {
    const p = goProject(
      memoryTree({ 'go.work': 'go 1.22\nuse ./svc', 'svc/go.mod': 'module s\ngo 1.22', 'svc/main.go': 'package main' }),
      '',
    );
    expect([p?.modPath, p?.mains, p?.workspace]).toEqual(['go.work', ['svc'], true]);
  });
});

describe('hostile content', () => {
  const quick = (text: string): void => {
    const cost = costOf(() => {
      const p = project({ 'main.go': text });
      p.hits();
      p.cgo();
    });
    expect(cost).toBeLessThan(100);
  };
  test('a long file of openers', () => quick(`package main\nimport "os"\n${'os.Open('.repeat(50_000)}`));
  test('long runs of spaces', () => quick(`package main\nimport "os"\n${'const a string'.padEnd(200_000)}\n${' '.repeat(300_000)}os.Open`));
  test('deep build constraints', () => quick(`//go:build ${'('.repeat(100_000)}linux\n\npackage main`));
  test('open comments and strings', () => quick(`package main\n/* ${'"'.repeat(100_000)}`));
  test('names of Object.prototype', () =>
    expect(hitsOf('x.constructor("a")\nx.toString()\n__proto__.Open("x")', '"__proto__"')).toEqual([]));
  test('a go.mod of one long line', () =>
    expect(goProject(memoryTree({ 'go.mod': `module ${'a/'.repeat(200_000)}` }), '')?.module.length).toBeGreaterThan(0));
});
