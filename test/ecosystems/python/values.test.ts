import { describe, expect, it } from 'vitest';
import { constantsOf, pathValue } from '../../../src/ecosystems/python/values.ts';

/** An expression, what stands above it, and what it says. */
const cases: readonly (readonly [string, string, object | undefined])[] = [
  ['"a/b.txt"', '', { path: 'a/b.txt' }],
  ['P', 'P = "state.json"', { path: 'state.json' }],
  ['f"{D}/app.db"', 'D = "/var/lib/bot"', { path: '/var/lib/bot/app.db' }],
  ['f"out/{name}.csv"', '', { path: 'out', directory: true }],
  ['f"{name}.csv"', '', undefined],
  ['"logs/" + day + ".log"', '', { path: 'logs', directory: true }],
  ['os.path.join("logs", "a.log")', '', { path: 'logs/a.log' }],
  ['os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", name)', '', { path: 'data', directory: true, beside: true }],
  ['BASE / "data" / "a.db"', 'BASE = Path(__file__).resolve().parent', { path: 'data/a.db', beside: true }],
  ['ROOT / "x"', 'ROOT = Path(__file__).parent.parent', { path: '../x', beside: true }],
  ['os.path.join(DATA, "a.db")', 'DATA = os.environ.get("DATA", "/data")', { path: '/data/a.db', moved: 'DATA' }],
  ['os.environ["DATA"]', '', undefined],
  ['tempfile.mkdtemp() + "/x"', '', { path: '/tmp', directory: true }],
  ['P', 'P = "a"\nP = "b"', undefined],
  ['p', 'p = "a"\ndef f(p):\n  pass', undefined],
  ['app.instance_path', '', { path: 'instance' }],
];

describe('what an expression says of a path', () => {
  it.each(cases)('%s (%s)', (expression, above, expected) => {
    expect(pathValue(expression, constantsOf(above))).toEqual(expected);
  });
});
