// Room: ecosystems/python. Distributions that need Debian packages when they run, and those that compile from source. Dated: 2026-11.
// Sources: the files of each release on PyPI (no Linux wheel: compiles), `ldd` of the wheels, and the Depends of Debian's -dev packages
// in bookworm and trixie (https://packages.debian.org/).

export interface NeedRow {
  names: string[];
  /** Packages of Debian 12. */
  bookworm: string[];
  /** Packages of Debian 13, when they are called otherwise. */
  trixie?: string[];
  /** Trixie's packages Provide the old names (the 64-bit time_t transition), so that bookworm's names install there, too. */
  provides?: true;
  /** Debian 11 calls them as bookworm does. Source: packages.debian.org/bullseye */
  bullseye?: true;
  /** No wheel for Linux on PyPI: it is compiled on install. */
  compiles?: true;
  /** What stands against a run-time stage: an id of the skip catalogue. */
  skip?: string;
}

const openCv: Pick<NeedRow, 'bookworm' | 'trixie' | 'provides' | 'bullseye'> = {
  bookworm: ['libgl1', 'libglib2.0-0', 'libsm6', 'libxext6'],
  trixie: ['libgl1', 'libglib2.0-0t64', 'libsm6', 'libxext6'],
  provides: true,
  bullseye: true,
};
const compiles = true as const;
const provides = true as const;
const bullseye = true as const;

export const needRows: readonly NeedRow[] = [
  // databases
  { names: ['psycopg2', 'psycopg2cffi', 'psycopg-c', 'pygresql'], bookworm: ['libpq5'], compiles },
  // it asks for psycopg2; flask-mysqldb for mysqlclient. Source: Requires-Dist of their releases on PyPI, 2026-11-30
  { names: ['django-heroku'], bookworm: ['libpq5'], compiles },
  { names: ['psycopg'], bookworm: ['libpq5'] },
  { names: ['mysqlclient', 'mariadb', 'flask-mysqldb'], bookworm: ['libmariadb3'], compiles },
  { names: ['pyodbc', 'aioodbc', 'turbodbc'], bookworm: ['libodbc2'] },
  { names: ['cx-oracle'], bookworm: ['libaio1'], trixie: ['libaio1t64'], provides, skip: 'sdist-libs-unknown' },
  { names: ['pylibmc'], bookworm: ['libmemcached11'], trixie: ['libmemcached11t64'], provides, bullseye },
  // directories and security
  { names: ['python-ldap'], bookworm: ['libldap-2.5-0', 'libsasl2-2'], trixie: ['libldap2', 'libsasl2-2'], compiles },
  { names: ['django-auth-ldap'], bookworm: ['libldap-2.5-0', 'libsasl2-2'], trixie: ['libldap2', 'libsasl2-2'], compiles },
  { names: ['gssapi', 'pykerberos', 'kerberos', 'krb5', 'requests-kerberos', 'requests-gssapi'], bookworm: ['libgssapi-krb5-2'], compiles },
  { names: ['m2crypto'], bookworm: ['libssl3'], trixie: ['libssl3t64'], provides, compiles },
  { names: ['pyscard'], bookworm: ['libpcsclite1'], compiles },
  // servers
  {
    names: ['uwsgi'],
    bookworm: ['libexpat1', 'libssl3', 'libxml2', 'libyaml-0-2'],
    trixie: ['libexpat1', 'libssl3t64', 'libxml2', 'libyaml-0-2'],
    compiles,
    skip: 'sdist-libs-unknown',
  },
  { names: ['pyuwsgi'], bookworm: ['libexpat1'] },
  { names: ['mod-wsgi', 'rpy2'], bookworm: [], compiles, skip: 'sdist-libs-unknown' },
  { names: ['systemd-python'], bookworm: ['libsystemd0'], compiles },
  {
    names: ['dbus-python'],
    bookworm: ['libdbus-1-3', 'libglib2.0-0'],
    trixie: ['libdbus-1-3', 'libglib2.0-0t64'],
    provides,
    bullseye,
    compiles,
  },
  // pictures and documents
  { names: ['pycairo'], bookworm: ['libcairo2'], compiles },
  { names: ['pygobject'], bookworm: [], compiles, skip: 'sdist-libs-unknown' },
  { names: ['cairocffi'], bookworm: ['libcairo2'] },
  { names: ['cairosvg'], bookworm: ['fonts-dejavu-core', 'libcairo2'] },
  {
    names: ['weasyprint', 'django-weasyprint', 'flask-weasyprint'],
    bookworm: ['fonts-dejavu-core', 'libgdk-pixbuf-2.0-0', 'libharfbuzz-subset0', 'libpango-1.0-0', 'libpangoft2-1.0-0'],
  },
  { names: ['wand'], bookworm: ['imagemagick', 'libmagickwand-6.q16-6'], trixie: ['imagemagick', 'libmagickwand-7.q16-10'] },
  { names: ['opencv-python', 'opencv-contrib-python', 'mediapipe', 'ultralytics', 'deepface', 'supervision'], ...openCv },
  {
    names: ['paddleocr'],
    bookworm: ['libgl1', 'libglib2.0-0', 'libgomp1'],
    trixie: ['libgl1', 'libglib2.0-0t64', 'libgomp1'],
    provides,
    bullseye,
  },
  {
    names: ['pygraphviz'],
    bookworm: ['libexpat1', 'libglib2.0-0', 'libx11-6', 'libxext6', 'libxrender1'],
    trixie: ['libexpat1', 'libglib2.0-0t64', 'libx11-6', 'libxext6', 'libxrender1'],
    provides,
  },
  { names: ['pyvips'], bookworm: ['libvips42'], trixie: ['libvips42t64'], provides, bullseye },
  { names: ['pyzbar'], bookworm: ['libzbar0'], trixie: ['libzbar0t64'], provides, bullseye },
  { names: ['python-magic', 'filemagic'], bookworm: ['libmagic1'], trixie: ['libmagic1t64'], provides, bullseye },
  { names: ['pytesseract', 'tesserocr'], bookworm: ['tesseract-ocr'] },
  { names: ['pdf2image'], bookworm: ['poppler-utils'] },
  { names: ['pdftotext'], bookworm: ['libpoppler-cpp0v5'], trixie: ['libpoppler-cpp2'], compiles },
  { names: ['pypandoc'], bookworm: ['pandoc'] },
  { names: ['docx2pdf', 'python-docx2pdf', 'unoconv', 'unoserver'], bookworm: ['libreoffice'] },
  // sound and video
  { names: ['pydub', 'moviepy', 'imageio-ffmpeg', 'ffmpeg-python', 'openai-whisper'], bookworm: ['ffmpeg'] },
  { names: ['sounddevice'], bookworm: ['libportaudio2'] },
  { names: ['pyaudio'], bookworm: ['libportaudio2'], compiles },
  // geography and numbers
  {
    names: ['gdal', 'pygdal'],
    bookworm: ['libgdal32', 'libgeos-c1v5', 'libproj25'],
    trixie: ['libgdal36', 'libgeos-c1t64', 'libproj25'],
    compiles,
  },
  { names: ['lightgbm', 'paddlepaddle'], bookworm: ['libgomp1'] },
  { names: ['pyicu'], bookworm: ['libicu72'], trixie: ['libicu76'], compiles },
  { names: ['ibm-db'], bookworm: ['libxml2'] },
  // hardware
  { names: ['pyusb'], bookworm: ['libusb-1.0-0'] },
  { names: ['pybluez'], bookworm: ['libbluetooth3'], compiles },
  { names: ['pycups'], bookworm: ['libcups2'], trixie: ['libcups2t64'], provides, bullseye, compiles },
  // programs
  { names: ['gitpython', 'dvc'], bookworm: ['git'] },
  { names: ['pyenchant'], bookworm: ['libenchant-2-2'] },
  {
    names: [
      'selenium',
      'playwright',
      'pyppeteer',
      'requests-html',
      'scrapy-playwright',
      'pytest-playwright',
      'splinter',
      'undetected-chromedriver',
      'seleniumbase',
      'crawl4ai',
      'browser-use',
      'patchright',
    ],
    bookworm: [],
    skip: 'browser-automation',
  },
  // compiled from source, but with nothing that python:slim lacks
  {
    names: ['netifaces', 'evdev', 'rpi-gpio', 'spidev', 'pycrypto', 'pyahocorasick', 'miniupnpc', 'annoy', 'hnswlib', 'fasttext'],
    bookworm: [],
    compiles,
  },
  // wheels that bring all they need
  {
    names: [
      'psycopg2-binary',
      'psycopg-binary',
      'opencv-python-headless',
      'opencv-contrib-python-headless',
      'soundfile',
      'pypandoc-binary',
      'fiona',
      'rasterio',
      'shapely',
      'geopandas',
      'pyproj',
      'torch',
      'tensorflow',
      'onnxruntime',
      'xgboost',
      'scikit-learn',
      'spacy',
      'xmlsec',
    ],
    bookworm: [],
  },
];

/**
 * What they link where no wheel fits and they are compiled in the full image; the names are the same in Debian 12 and 13. Sources: lxml.de, "Installing
 * lxml", requirements; pyyaml.org, "LibYAML"; Depends of python3-lxml and python3-yaml.
 */
const linked: ReadonlyMap<string, readonly string[]> = new Map([
  ['lxml', ['libxml2', 'libxslt1.1']],
  ['pyyaml', ['libyaml-0-2']],
]);
/** The packages of Debian that a distribution links when it is compiled, where that is all; undefined: not known. */
export const linkedWhenCompiled = (name: string, suite: string | undefined): readonly string[] | undefined =>
  suite === 'bookworm' || suite === 'trixie' ? linked.get(name) : undefined;

const byName = new Map(needRows.flatMap((row) => row.names.map((name) => [name, row] as const)));

/** The row of a normalised name. */
export const needRow = (name: string): NeedRow | undefined => byName.get(name);

/**
 * The packages of a row for a Debian release. Without one, names that fit bookworm and trixie; where there are none,
 * `skip` says `dev-package-suite-unknown`.
 */
export function packagesFor(row: NeedRow, suite: string | undefined): { debian: string[]; skip?: string } {
  const skip = row.skip === undefined ? {} : { skip: row.skip };
  if (suite === 'trixie') return { debian: row.trixie ?? row.bookworm, ...skip };
  if (suite === 'bookworm' || row.trixie === undefined || (suite === 'bullseye' && row.bullseye)) return { debian: row.bookworm, ...skip };
  if (suite === undefined && row.provides) return { debian: row.bookworm, ...skip };
  return { debian: [], skip: row.skip ?? 'dev-package-suite-unknown' };
}
