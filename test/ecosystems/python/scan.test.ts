// Room: ecosystems/python. The scan of sources for what touches files, programs and the network.
import { unreadHits } from '../../../src/ecosystems/unread.ts';
import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../../src/context/memory.ts';
import { pythonProject } from '../../../src/ecosystems/python/project.ts';
import { scanText } from '../../../src/ecosystems/python/scan.ts';
import { costOf } from '../../cost.ts';

const hits = (source: string): string[] => scanText('a.py', source).hits.map((hit) => `${hit.line} ${hit.kind} ${hit.literal ?? '?'}`);
const kinds = (source: string): string[] => hits(source).map((hit) => hit.replace(/^\d+ /, ''));

describe('scan', () => {
  it.each([
    ['open("data/cities.json")', 'read data/cities.json'],
    ["with open('out.txt', 'w') as f:", 'write out.txt'],
    ['open(path, mode="ab")', 'write ?'],
    ['open(path, mode)', 'write ?'],
    ['open(f"{base}/x")', 'read ?'],
    ['async with aiofiles.open("a.log", "a") as f:', 'write a.log'],
    ['Path("logs").mkdir(exist_ok=True)', 'write logs'],
    ['Path("VERSION").read_text()', 'read VERSION'],
    ['target.write_bytes(data)', 'write ?'],
    ['(root / "x").open("w")', 'write ?'],
    ['path.open(mode)', 'write ?'],
    ['default_storage.open(name, "wb")', 'write ?'],
    ['os.makedirs("/data/cache", exist_ok=True)', 'write /data/cache'],
    ['shutil.copyfile(source, "b.txt")', 'write b.txt'],
    ['logging.handlers.RotatingFileHandler("logs/app.log", maxBytes=10)', 'write logs/app.log'],
    ['{"class": "logging.FileHandler", "filename": "app.log"}', 'write app.log'],
    ['create_engine("sqlite:///./shop.db")', 'write ./shop.db'],
    ['sqlite3.connect("shop.db")', 'write shop.db'],
    ['    "NAME": BASE_DIR / "db.sqlite3",', 'write db.sqlite3'],
    ['MEDIA_ROOT = os.path.join(BASE_DIR, "media", "up")', 'write media/up'],
    ['subprocess.run(["git", "rev-parse", "HEAD"], check=True)', 'spawn git'],
    ['subprocess.check_output("ffmpeg -version", shell=True)', 'spawn ffmpeg -version'],
    ['subprocess.Popen(\n    [\n        "convert",\n        a,\n    ],\n)', 'spawn convert'],
    ['subprocess.run([sys.executable, "-m", "x"])', 'spawn python'],
    ['subprocess.run(cmd)', 'spawn ?'],
    ['os.system("ls")', 'spawn ls'],
    ['await asyncio.create_subprocess_exec("pandoc", *args)', 'spawn pandoc'],
    ['from subprocess import PIPE, run\nrun(["tesseract", x])', 'spawn tesseract'],
    ['shutil.which("curl")', 'spawn curl'],
    ['lib = ctypes.CDLL("libfoo.so.1")', 'dlopen libfoo.so.1'],
    ['ctypes.util.find_library("magic")', 'dlopen magic'],
    ['"django.contrib.gis",', 'dlopen gdal'],
    ['import tkinter as tk', 'dlopen tk'],
    ['mimetypes.guess_type(name)', 'mime ?'],
    ['load_dotenv()', 'env-file .env'],
    ['load_dotenv("conf/prod.env")', 'env-file conf/prod.env'],
    ['model_config = SettingsConfigDict(env_file=".env")', 'env-file .env'],
    ['import requests', 'tls requests'],
    ['from urllib.request import urlopen', 'tls urllib.request'],
    ['import httpx', 'tls httpx'],
    ['ZoneInfo("Europe/Berlin")', 'timezone Europe/Berlin'],
    ['uvicorn.run("app:app", host="0.0.0.0", port=8080)', 'listen 8080'],
    ['app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 80)))', 'listen 80'],
    ['HTTPServer(("", 9000), Handler)', 'listen 9000'],
    ['bind = "0.0.0.0:8000"', 'listen 8000'],
    ['getpass.getuser()', 'user ?'],
    ['os.path.expanduser("~/.x")', 'user ?'],
    ['tempfile.mkdtemp()', 'temp mkdtemp'],
    ['templates = Jinja2Templates(directory="app/templates")', 'template app/templates'],
    ['render_template("index.html", x=1)', 'template index.html'],
    ['app.mount("/static", StaticFiles(directory="static"))', 'read static'],
    ['BASE = os.path.dirname(__file__)', 'read ?'],
  ])('%s', (source, expected) => {
    expect(kinds(source)).toContain(expected);
  });
  it.each([
    '# open("x", "w")',
    '"""subprocess.run(["x"])"""',
    'reopen("x")',
    'webbrowser.open("https://x")',
    'ctypes.CDLL(None)',
    'create_engine("sqlite:///:memory:")',
    'asyncio.run(main())',
    'connect(port=5432)',
    'x = "# open(\'a\')" # open("x")',
    'os.open(path)',
    'client.open(title)',
    'self.sheets.open(os.environ["SHEET"])',
    'import requests_mock',
  ])('nothing in %s', (source) => {
    expect(kinds(source)).toEqual([]);
  });
  it('counts lines behind docstrings and continued strings', () => {
    expect(hits('"""doc\n\nopen("x")\n"""\nx = \'\'\'a\nb\'\'\'\n\nopen("y")\n')).toEqual(['8 read y']);
    expect(scanText('a.py', '\n  os.system("ls")  # x\n').hits[0]).toEqual({
      file: 'a.py',
      line: 2,
      kind: 'spawn',
      literal: 'ls',
      text: 'os.system("ls")  # x',
    });
  });
  it('reads first-party run-time sources only', () => {
    const files = {
      'app.py': 'open("a")\n',
      'tests/test_app.py': 'open("b")\n',
      'conftest.py': 'open("c")\n',
      'env/pyvenv.cfg': '',
      'env/lib/x.py': 'open("d")\n',
      '.venv/x.py': 'open("e")\n',
      'hidden/x.py': 'open("f")\n',
      'pkg/mod.py': 'open("g")\n',
      'setup.py': 'open("h")\n',
      'docs/conf.py': 'open("i")\n',
    };
    const project = pythonProject(memoryTree(files), '', (path) => path.startsWith('hidden/'));
    expect(project?.hits().map((hit) => hit.literal)).toEqual(['a', 'g']);
  });
  it('takes linear time, and says where it stopped', () => {
    const n = 200_000;
    const all = (): void => {
      for (const text of [
        `open(${'('.repeat(n)}`,
        'open('.repeat(n / 4),
        '"'.repeat(n),
        "'''".repeat(n),
        `open("${'a'.repeat(n)}`,
        `Path(${' '.repeat(n)}`,
        `MEDIA_ROOT=${' '.repeat(n)}`,
        '"NAME": BASE_DIR '.repeat(n / 10),
        `from subprocess import ${'run,'.repeat(n)}`,
        '"sqlite:///'.repeat(n / 10),
        '\n'.repeat(n),
        ' '.repeat(n),
        '_'.repeat(n),
        'x.run('.repeat(n / 10),
        '#'.repeat(n),
        `f(${'"a",'.repeat(n)}`,
      ])
        scanText('a.py', text);
    };
    expect(costOf(all)).toBeLessThan(300);
    expect(scanText('a.py', 'open("x")\n'.repeat(3000)).cut?.told).toContain('more than 2000');
    const huge = pythonProject(memoryTree({ 'a.py': `open("x")\n${'#'.repeat(6_000_000)}` }), '');
    const told = 'a.py is not read, since it is too large';
    expect(huge?.hits()).toEqual(unreadHits({ file: 'a.py', told }));
  });
});
