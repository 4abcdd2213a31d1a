// Room: ecosystems/go. What programs that Go projects bring do, as rows.
import { parseShell } from '../../dockerfile/shell.ts';
import { anywhere, joined, placesOf, tree } from '../../effects/places.ts';
import type { Call, Places, Row, Told } from '../../effects/types.ts';

/** The program that `go install example.com/x/tool@v1` makes: the last element of the path, a major version left out. Source: `go help install`. */
export function toolName(path: string): string {
  const parts = (path.split('@')[0] ?? '').split('/').filter((part) => !/^v\d+$/.test(part));
  return parts[parts.length - 1] ?? '';
}

/** These ask the go command for packages, and read the module cache. Source: golang.org/x/tools/go/packages, which each of them imports. */
const LOADS_PACKAGES: ReadonlySet<string> = new Set(
  'swag wire gqlgen ent mockgen mockery stringer enumer moq counterfeiter controller-gen deepcopy-gen'.split(' '),
);

/** Reads sources and writes sources, in the working directory. */
function generates({ name, args, state }: Call): Told {
  const here: Places = state.cwd === undefined ? anywhere('in an unknown directory') : { known: [tree(state.cwd)] };
  const outs = args.filter((_, n) =>
    ['-o', '--output', '-out', '-output', '--out', '-destination', '-d', '--dir'].includes(args[n - 1]?.value ?? ''),
  );
  const loads = LOADS_PACKAGES.has(name) ? { starts: parseShell('go list ./...').commands } : {};
  return { does: { kind: 'build', tool: name }, writes: joined(here, placesOf(outs, state, true)), reads: here, ...loads };
}

export const goRows: readonly Row[] = [
  { programs: 'gofmt', source: 'https://pkg.go.dev/cmd/gofmt', tell: () => ({ does: { kind: 'nothing' } }) },
  {
    programs: 'golangci-lint staticcheck govulncheck golint gosec errcheck revive',
    source: 'golangci-lint.run; staticcheck.dev; pkg.go.dev of each',
    tell: () => ({ does: { kind: 'nothing' } }),
  },
  {
    programs:
      'swag templ sqlc wire mockgen mockery gqlgen ent easyjson stringer enumer go-bindata packr packr2 statik rice pkger esc msgp oapi-codegen goversioninfo buf goimports counterfeiter moq controller-gen deepcopy-gen',
    source: 'the README of each: swaggo/swag, a-h/templ, sqlc-dev/sqlc, google/wire, uber-go/mock, 99designs/gqlgen, bufbuild/buf, …',
    tell: generates,
  },
];
