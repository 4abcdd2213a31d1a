// Room: ecosystems/go. What programs that Go projects bring do, as rows.
import type { Row } from '../../effects/types.ts';

/** The program that `go install example.com/x/tool@v1` makes: the last element of the path, a major version left out. Source: `go help install`. */
export function toolName(path: string): string {
  const parts = (path.split('@')[0] ?? '').split('/').filter((part) => !/^v\d+$/.test(part));
  return parts[parts.length - 1] ?? '';
}

export const goRows: readonly Row[] = [
  { programs: 'gofmt', source: 'https://pkg.go.dev/cmd/gofmt', tell: () => ({ does: { kind: 'nothing' } }) },
];
