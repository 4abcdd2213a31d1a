// Room: ecosystems/python. Names under which sources import a distribution.

/** Where the module is not called as the distribution is. Source: top_level.txt and the files of each distribution's newest wheel; 2026-11. */
const OTHERS: Readonly<Record<string, string>> = {
  attrs: 'attr',
  beautifulsoup4: 'bs4',
  'djangorestframework-simplejwt': 'rest_framework_simplejwt',
  djangorestframework: 'rest_framework',
  'dj-database-url': 'dj_database_url',
  'django-cors-headers': 'corsheaders',
  'django-environ': 'environ',
  'django-filter': 'django_filters',
  'django-debug-toolbar': 'debug_toolbar',
  'django-silk': 'silk',
  'factory-boy': 'factory',
  gitpython: 'git',
  'google-api-python-client': 'googleapiclient',
  'ipython-genutils': 'ipython_genutils',
  ipython: 'IPython',
  mysqlclient: 'MySQLdb',
  'opencv-python': 'cv2',
  'opencv-python-headless': 'cv2',
  pillow: 'PIL',
  protobuf: 'google',
  'psycopg2-binary': 'psycopg2',
  pycryptodome: 'Crypto',
  pyjwt: 'jwt',
  pymysql: 'pymysql',
  pyopenssl: 'OpenSSL',
  pyserial: 'serial',
  'python-dateutil': 'dateutil',
  'python-decouple': 'decouple',
  'python-dotenv': 'dotenv',
  'python-jose': 'jose',
  'python-json-logger': 'pythonjsonlogger',
  'python-magic': 'magic',
  'python-multipart': 'multipart',
  'python-slugify': 'slugify',
  'python-telegram-bot': 'telegram',
  pyyaml: 'yaml',
  'scikit-learn': 'sklearn',
  'scikit-image': 'skimage',
  'sentry-sdk': 'sentry_sdk',
  setuptools: 'pkg_resources',
};

/** The modules that a distribution (its normalised name) may bring. */
export function modulesOf(name: string): string[] {
  const plain = name.replaceAll('-', '_');
  return [plain, plain.replace(/^python_|_python$/, ''), ...(Object.hasOwn(OTHERS, name) ? [OTHERS[name] ?? ''] : [])];
}
