// test/e2e: what is known of each application under fixtures/apps. It stands here so that the application folders look like repositories.

export type Ecosystem = 'Node' | 'Python' | 'Go' | 'Rust' | 'Java';
/** Which `--base` the tool is given; `default` is no flag. */
export type Variant = 'default' | 'smallest';

export interface Probe {
  path: string;
  method?: 'GET' | 'POST';
  /** Sent as JSON. */
  body?: unknown;
  /** 'https': needs a network and trusted certificates; 'time-zone': needs zone data. */
  needs?: 'https' | 'time-zone';
}

export interface App {
  name: string;
  ecosystem: Ecosystem;
  /** The port on which the application listens, in the container. */
  port: number;
  /** Polled until it answers 200. */
  health: string;
  probes: Probe[];
  /** The rebuild test adds one line to this file; `MARK` in it becomes unique. */
  edit: { file: string; line: string };
  /** It stays root: what it writes is not read from its sources. A rebuild compiles everything anew. */
  unread?: true;
  /** What the final image must not have besides what forbidden.ts lists: a reason, and a pattern on absolute paths. */
  absent: { what: string; pattern: RegExp }[];
}

/** Least reductions in size, in percent: section 6 of the main job, after what the article promises. */
export const BARS: Record<Ecosystem, Record<Variant, number>> = {
  Node: { default: 79, smallest: 86 },
  Python: { default: 80, smallest: 80 },
  Go: { default: 99, smallest: 99 },
  Rust: { default: 95, smallest: 98.5 },
  // a Java stays: what is left behind is the compiler, the build tool, its downloads and the sources
  Java: { default: 40, smallest: 40 },
};
/** A rebuild after a source edit is at least so many times faster than before. */
export const REBUILD_BAR = 3;

const instant = 'at=2026-07-01T12:00:00Z';

export const APPS: App[] = [
  {
    name: 'node-express',
    ecosystem: 'Node',
    port: 3000,
    health: '/health',
    probes: [
      { path: '/health' },
      { path: '/api/items' },
      { path: '/api/items?category=paint' },
      { path: '/api/items?category=food' },
      { path: '/api/items/3' },
      { path: '/api/items/99' },
      { path: '/api/items', method: 'POST', body: { sku: 'TL-1003', name: 'Spirit level', quantity: 4, priceCents: 2150 } },
      { path: '/api/summary' },
      { path: '/nowhere' },
      { path: '/https', needs: 'https' },
    ],
    edit: { file: 'src/app.ts', line: '// MARK' },
    absent: [
      { what: 'development dependency', pattern: /(^|\/)node_modules\/(typescript|jest|eslint|prettier|nodemon|ts-node)\// },
      { what: 'source', pattern: /^\/app\/(src|test)\// },
    ],
  },
  {
    name: 'python-poetry',
    ecosystem: 'Python',
    port: 8000,
    health: '/health',
    probes: [
      { path: '/health' },
      { path: '/api/books' },
      { path: '/api/books?status=read' },
      { path: '/api/books?status=lost' },
      { path: '/api/books/2' },
      { path: '/api/books/99' },
      { path: '/api/books', method: 'POST', body: { title: 'Ubik', author: 'Philip K. Dick', pages: 202 } },
      { path: '/api/statistics' },
      { path: '/openapi.json' },
      { path: '/https', needs: 'https' },
    ],
    edit: { file: 'src/bookshelf/shelf.py', line: '# MARK' },
    absent: [
      { what: 'development dependency', pattern: /\/site-packages\/(pytest|mypy|ruff)\// },
      { what: 'package manager', pattern: /\/site-packages\/poetry\// },
    ],
  },
  {
    name: 'python-pip',
    ecosystem: 'Python',
    port: 8000,
    health: '/health',
    probes: [
      { path: '/health' },
      { path: '/api/stations' },
      { path: '/api/stations/zug' },
      { path: '/api/stations/zug/summary' },
      { path: '/api/stations/xyz' },
      { path: '/api/convert?value=36.6&unit=celsius' },
      { path: '/api/convert?value=1&unit=kelvin' },
      { path: '/https', needs: 'https' },
    ],
    edit: { file: 'weather/api.py', line: '# MARK' },
    absent: [],
  },
  {
    name: 'go-http',
    ecosystem: 'Go',
    port: 8080,
    health: '/health',
    probes: [
      { path: '/health' },
      { path: '/openapi.json' },
      { path: '/api/quotes' },
      { path: '/api/quotes/unknown' },
      { path: `/time?${instant}` },
      { path: `/time?zone=Europe/Berlin&${instant}`, needs: 'time-zone' },
      { path: `/time?zone=US/Central&${instant}`, needs: 'time-zone' },
      { path: `/time?zone=Moon/Tranquility&${instant}` },
      { path: '/api/offices?day=2026-01-15', needs: 'time-zone' },
      { path: '/https', needs: 'https' },
    ],
    edit: { file: 'internal/httpapi/httpapi.go', line: '// MARK' },
    absent: [],
  },
  {
    name: 'rust-axum',
    ecosystem: 'Rust',
    port: 8080,
    health: '/health',
    probes: [
      { path: '/health' },
      { path: '/api/trails' },
      { path: '/api/trails?difficulty=moderate' },
      { path: '/api/trails?difficulty=vertical' },
      { path: '/api/trails/4' },
      { path: '/api/trails/99' },
      { path: '/api/trails/2/estimate?pace=4' },
      { path: '/api/trails/2/estimate?pace=40' },
      { path: '/https', needs: 'https' },
    ],
    edit: { file: 'src/trails.rs', line: '// MARK' },
    absent: [],
  },
  {
    name: 'java-maven',
    ecosystem: 'Java',
    port: 8080,
    health: '/health',
    probes: [
      { path: '/health' },
      { path: '/api/lines' },
      { path: '/api/lines?operator=lakes' },
      { path: '/api/lines/3' },
      { path: '/api/season' },
      { path: '/api/lines/2/arrival?from=2026-07-01T12:00:00Z&zone=Europe/Berlin' },
      { path: '/https', needs: 'https' },
    ],
    edit: { file: 'src/main/java/ferries/Api.java', line: '// MARK' },
    unread: true,
    absent: [
      { what: 'source', pattern: /^\/app\/src\// },
      { what: 'download', pattern: /^\/root\/\.m2\// },
    ],
  },
];
