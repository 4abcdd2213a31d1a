// Tests of ecosystems/go: commands.
import { describe, expect, test } from 'vitest';
import type { ShellCommand } from '../../../src/dockerfile/types.ts';
import { parseShell } from '../../../src/dockerfile/shell.ts';
import { cgoForced, go, goBuild, stripFlags, tagsOf } from '../../../src/ecosystems/go/managers.ts';

const command = (text: string): ShellCommand => parseShell(text).seen[0] as ShellCommand;
/** As the command finds its variables: its own assignments, else the environment around it. */
const forced = (found: ReturnType<typeof build>, env: Record<string, string> = {}): string | undefined =>
  cgoForced(found, (name) => {
    const value = found.env[name] ?? env[name];
    return value === undefined ? undefined : { value };
  });
const build = (text: string) => goBuild(command(text)) ?? expect.fail(`not a build: ${text}`);

describe('what a go command does', () => {
  test.each([
    ['go mod download', 'download'],
    ['go mod tidy', 'other'],
    ['CGO_ENABLED=0 go build ./...', 'build'],
    ['env GOOS=linux go build .', 'build'],
    ['/usr/local/go/bin/go install ./cmd/x', 'build'],
    ['go install github.com/a/b@v1', 'install-named'],
    ['go get github.com/a/b', 'install-named'],
    ['go get -d ./...', 'build'],
    ['go test ./...', 'test'],
    ['go vet ./...', 'test'],
    ['go run .', 'run'],
    ['go generate ./...', 'build'],
    ['go clean -modcache', 'clean-cache'],
    ['go version', 'other'],
    ['gofmt -l .', undefined],
    ['npm ci', undefined],
  ])('%s', (text, kind) => expect(go.classify(command(text))).toBe(kind));
  test('only compiling fills the build cache', () => {
    expect(go.cachesOf?.(command('go mod download')).length).toBe(1);
    expect(go.cachesOf?.(command('go build')).length).toBe(2);
    expect(go.usesCache(command('go version'))).toBe(false);
  });
  test.each([
    ['go clean -cache -modcache', true],
    ['go clean', false],
    ['rm -rf /go/pkg/mod /root/.cache/go-build', true],
    ['rm -rf "$GOPATH"/pkg/mod/', true],
    ['rm -rf /go/pkg/mod /app/src', false],
    ['rm -rf', false],
  ])('clears the cache: %s', (text, clears) => expect(go.clearsCache(command(text))).toBe(clears));
});

describe('go build', () => {
  test('its parts', () => {
    const b = build('CGO_ENABLED=0 GOOS=linux go build -v -trimpath -tags "a,b c" -o /bin/app ./cmd/app');
    expect([b.env, b.output, b.packages, tagsOf(b), b.install]).toEqual([
      { CGO_ENABLED: '0', GOOS: 'linux' },
      '/bin/app',
      ['./cmd/app'],
      ['a', 'b', 'c'],
      false,
    ]);
  });
  test('computed values are not literal', () => {
    const b = build('GOARCH=$TARGETARCH go build -o $OUT -ldflags "-X main.v=$(git describe)" .');
    expect([b.computedEnv, b.output, b.outputWord?.raw, b.ldflagsValue, b.packages]).toEqual([
      ['GOARCH'],
      undefined,
      '$OUT',
      undefined,
      ['.'],
    ]);
  });
  test('other commands are none', () => expect(goBuild(command('go test ./...'))).toBeUndefined());
  test.each([
    ['example.com/shop', '.', 'shop'],
    ['example.com/shop/v2', '.', 'shop'],
    ['example.com/shop', './cmd/server/', 'server'],
    ['example.com/shop', 'example.com/shop/cmd/x', 'x'],
    ['gopkg.in/foo.v3', '.', 'foo.v3'],
    ['example.com/shop', 'main.go', 'main'],
    ['example.com/shop', './...', ''],
  ])('the binary of %s %s is %s', (module, target, name) => expect(build('go build').binaryName(module, target)).toBe(name));
  test.each([
    ['go build -race .', '-race'],
    ['go build -buildmode=plugin .', '-buildmode=plugin'],
    [`go build -ldflags '-linkmode external -extldflags "-static"' .`, '-linkmode=external'],
    ['GOEXPERIMENT=boringcrypto go build', 'GOEXPERIMENT=boringcrypto'],
    ['CGO_ENABLED=1 go build', 'CGO_ENABLED=1'],
    ['go build -race=false .', undefined],
  ])('%s links C: %s', (text, why) => expect(forced(build(text))).toBe(why));
  test('the environment around counts, the own assignment wins', () => {
    expect(forced(build('go build'), { CGO_ENABLED: '1' })).toBe('CGO_ENABLED=1');
    expect(forced(build('CGO_ENABLED=0 go build'), { CGO_ENABLED: '1' })).toBeUndefined();
    expect(forced(build('go build'), { GOFLAGS: '-race' })).toBe('-race');
  });
});

describe('stripping symbols', () => {
  const stripped = (text: string): string => {
    const edit = stripFlags(build(text));
    return typeof edit === 'string' ? edit : text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  };
  test.each([
    ['go build -o app .', `go build -ldflags='-s -w' -o app .`],
    [`go build -ldflags="-X main.v=1" .`, `go build -ldflags="-X main.v=1 -s -w" .`],
    [`go build -ldflags '-X main.v=1' .`, `go build -ldflags '-X main.v=1 -s -w' .`],
    [`go build -ldflags="-w" .`, `go build -ldflags="-w -s" .`],
    [`go build -ldflags="" .`, `go build -ldflags="-s -w" .`],
    ['go build -ldflags=-w .', `go build -ldflags='-w -s' .`],
    ['go build -ldflags -w .', `go build -ldflags '-w -s' .`],
    [`go build "-ldflags=-X a=b" .`, `go build "-ldflags=-X a=b -s -w" .`],
    [`go build -ldflags="-s -w" .`, 'present'],
    [`go build -ldflags "-X main.version=$(git describe --tags)" -o app .`, 'leave'],
    [`go build -ldflags="-X 'main.v=a b'" .`, `go build -ldflags="-X 'main.v=a b' -s -w" .`],
  ])('%s', (before, after) => expect(stripped(before)).toBe(after));
});
