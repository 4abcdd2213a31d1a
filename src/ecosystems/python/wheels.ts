// Room: ecosystems/python. Which common distributions install without a compiler, where no lockfile lists their files. Dated: 2026-11.
// Source: the files listed for each release on PyPI (https://pypi.org/project/<name>/#files), for Linux with glibc on x86_64 and aarch64.
import { once } from '../../once.ts';

// The tables are made when they are first asked for: most runs meet no Python.
const list = (...lines: string[]): string[] => lines.flatMap((line) => line.split(' '));

/**
 * Pure Python: no compiler is ever needed, even where a release has only a source distribution. What they depend on by
 * default has wheels as well (this table's second half), or is pure itself.
 */
export const pure = once(
  (): ReadonlySet<string> =>
    new Set([
      // web frameworks, servers and their parts
      ...list(
        'flask werkzeug jinja2 itsdangerous click blinker quart quart-cors hypercorn gunicorn uvicorn daphne waitress starlette fastapi fastapi-cli bottle django asgiref sqlparse',
      ),
      ...list(
        'djangorestframework django-cors-headers django-filter django-environ django-redis django-storages django-extensions django-debug-toolbar django-allauth django-crispy-forms crispy-bootstrap5',
      ),
      ...list(
        'django-celery-beat django-celery-results django-ninja django-health-check django-import-export django-model-utils django-simple-history django-oauth-toolkit drf-spectacular',
      ),
      ...list(
        'drf-yasg djangorestframework-simplejwt channels channels-redis whitenoise dj-database-url wagtail uvicorn-worker flask-cors flask-login flask-sqlalchemy flask-migrate flask-wtf',
      ),
      ...list(
        'flask-restful flask-restx flask-jwt-extended flask-caching flask-limiter flask-mail flask-bcrypt flask-session flask-socketio flask-admin flask-marshmallow flask-smorest flask-babel wtforms',
      ),
      ...list(
        'python-socketio python-engineio simple-websocket wsproto h11 h2 hpack hyperframe sse-starlette aiofiles python-multipart email-validator dnspython sanic-routing sanic-ext',
      ),
      ...list(
        'connexion apispec webargs marshmallow marshmallow-sqlalchemy flasgger pyramid webob aiohttp-cors aiohttp-jinja2 strawberry-graphql graphene graphene-django graphql-core ariadne slowapi',
      ),
      ...list(
        'streamlit-option-menu dash dash-bootstrap-components plotly gradio-client nicegui fastapi-users fastapi-pagination starlette-context asgi-correlation-id a2wsgi litestar',
      ),
      // clients
      ...list(
        'pgspecial configobj cli-helpers aiohttp-socks aiohttp-xmlrpc keystoneauth1 openstackclient python-openstackclient python-swiftclient',
      ),
      ...list(
        'requests urllib3 idna certifi charset-normalizer chardet httpx httpcore anyio sniffio requests-oauthlib oauthlib requests-toolbelt requests-aws4auth requests-cache aiosignal aiohappyeyeballs',
      ),
      ...list(
        'async-timeout attrs tenacity backoff retrying cachetools httplib2 pysocks websocket-client paho-mqtt pika aio-pika aiormq kombu amqp vine billiard celery flower redis fakeredis huey rq rq-scheduler',
      ),
      ...list(
        'dramatiq apscheduler schedule croniter kafka-python nats-py stomp-py python-telegram-bot aiogram pytelegrambotapi discord-py slack-sdk slack-bolt slackclient twilio sendgrid mailjet-rest stripe',
      ),
      ...list(
        'boto3 botocore s3transfer jmespath s3fs aiobotocore aioboto3 awscli google-auth google-api-core google-api-python-client google-cloud-storage google-cloud-core google-cloud-pubsub',
      ),
      ...list(
        'google-cloud-bigquery google-cloud-secret-manager google-cloud-logging google-cloud-firestore google-resumable-media googleapis-common-protos google-auth-oauthlib google-auth-httplib2 uritemplate',
      ),
      ...list(
        'gspread firebase-admin azure-core azure-identity azure-storage-blob azure-keyvault-secrets azure-common azure-servicebus msal msal-extensions isodate msrest minio elasticsearch elastic-transport',
      ),
      ...list(
        'elasticsearch-dsl opensearch-py meilisearch qdrant-client pinecone-client weaviate-client openai anthropic cohere distro langchain langchain-core langchain-community langchain-openai',
      ),
      ...list(
        'langchain-text-splitters langgraph langsmith llama-index huggingface-hub transformers accelerate sentence-transformers datasets evaluate peft diffusers einops fsspec filelock hvac python-consul',
      ),
      ...list(
        'kubernetes docker tweepy praw spotipy pygithub python-gitlab jira atlassian-python-api ldap3 impacket paramiko-expect scp zeep suds suds-community pysftp smart-open feedparser sgmllib3k',
      ),
      ...list('telethon pyrogram pyaes yt-dlp gdown gtts wget'),
      // databases
      ...list(
        'pymysql aiomysql aiosqlite alembic mako sqlmodel databases peewee-migrate tortoise-orm pypika-tortoise aerich mysql-connector-python mongoengine motor beanie odmantic sqlalchemy-utils',
      ),
      ...list(
        'pony sqlalchemy-migrate geoalchemy2 influxdb influxdb-client neo4j tinydb dataset records pg8000 scramp pypika clickhouse-sqlalchemy snowflake-sqlalchemy',
      ),
      // data, text, documents
      ...list(
        'dotenv mplfinance imgkit librosa python-nmap vega-datasets openpyxl et-xmlfile xlsxwriter xlrd xlwt tablib python-docx python-pptx docxtpl pypdf pypdf2 pdfminer-six reportlab fpdf fpdf2 markdown markdown2 mistune commonmark markdown-it-py mdurl bleach',
      ),
      ...list(
        'beautifulsoup4 bs4 soupsieve html5lib webencodings tinycss2 cssselect cssselect2 pyquery xmltodict defusedxml jsonschema jsonschema-specifications referencing jsonpath-ng jsonpickle json5 toml tomli',
      ),
      ...list(
        'tomlkit python-dateutil pytz tzdata tzlocal arrow humanize babel phonenumbers pycountry python-slugify text-unidecode unidecode inflection inflect parse packaging',
      ),
      ...list(
        'easyocr gradio hf-gradio groovy safehttpx semantic-version ffmpy speechrecognition standard-aifc pipenv textblob nltk vadersentiment langdetect seaborn networkx sympy mpmath patsy altair narwhals pydeck joblib threadpoolctl tqdm tabulate prettytable geopandas geopy geographiclib folium branca',
      ),
      ...list(
        'yfinance faker factory-boy openapi-spec-validator qrcode pyqrcode python-barcode ics icalendar vobject pyparsing ply pyfiglet emoji ftfy wcwidth termcolor colorama streamlit fonttools cycler',
      ),
      // settings, types, logs, security
      ...list(
        'python-dotenv python-decouple environs pydantic-settings pydantic-extra-types dynaconf omegaconf hydra-core antlr4-python3-runtime typing-extensions typing-inspection typing-inspect annotated-types annotated-doc',
      ),
      ...list(
        'mypy-extensions dataclasses-json attrs cattrs dacite loguru structlog python-json-logger colorlog coloredlogs humanfriendly sentry-sdk raven prometheus-client prometheus-fastapi-instrumentator',
      ),
      ...list(
        'prometheus-flask-exporter statsd datadog opentelemetry-api opentelemetry-sdk opentelemetry-instrumentation opentelemetry-semantic-conventions opentelemetry-proto opentelemetry-exporter-otlp',
      ),
      ...list(
        'opentelemetry-exporter-otlp-proto-http opentelemetry-exporter-otlp-proto-grpc opentelemetry-exporter-otlp-proto-common opentelemetry-instrumentation-fastapi opentelemetry-instrumentation-flask',
      ),
      ...list(
        'opentelemetry-instrumentation-requests opentelemetry-util-http deprecated pyjwt python-jose passlib authlib argon2-cffi rsa ecdsa pyasn1 pyasn1-modules pyotp pycognito josepy python-keycloak',
      ),
      // small parts of everything
      ...list(
        'six setuptools wheel pip pip-tools build importlib-metadata importlib-resources zipp more-itertools toolz decorator exceptiongroup iniconfig pluggy platformdirs appdirs virtualenv distlib rich rich-click typer typer-slim shellingham pygments prompt-toolkit click-plugins click-repl click-didyoumean docopt fire argcomplete cachecontrol diskcache dill cloudpickle multiprocess py4j pyspark watchtower filetype future pycparser protobuf proto-plus snowballstemmer simplejson invoke fabric supervisor circus honcho python-crontab pexpect ptyprocess sh plumbum psycopg-pool python-http-client pyserial pymodbus netaddr ipaddress validators semver python-ulid shortuuid uuid6 nanoid hashids ratelimit limits injector returns funcy glom boltons pyhumps stringcase distributed dask partd locket zict scrapy-user-agents itemadapter itemloaders parsel queuelib protego w3lib tldextract pydispatcher service-identity hyperlink incremental constantly automat mcp gitpython google-genai pyopenssl smmap sortedcontainers keyring docstring-parser gitdb httpx-sse jaraco-classes jaraco-functools jaraco-context secretstorage jeepney',
      ),
      ...list(
        'jsonpointer jsonpatch poetry poetry-core pyproject-hooks asn1crypto executing fastjsonschema matplotlib-inline durationpy asttokens setuptools-scm pure-eval stack-data gcsfs nest-asyncio execnet databricks-sdk dbt-core dbt-adapters dbt-common pyee joserfc aioitertools rich-toolkit mdit-py-plugins dulwich flatbuffers pkginfo installer cyclopts jupyter-client pyperclip linkify-it-py deepdiff uc-micro-py psycopg comm rfc3339-validator jsonref crashtest beartype deprecation lark requests-file tomli-w typeguard cleo sqlglot nbclient pytest-timeout pandocfilters jupyter-server portalocker absl-py locustio iso8601 trio webcolors overrides outcome send2trash isoduration fqdn uri-template unidiff rfc3986-validator db-dtypes graphviz markdownify adal aenum terminado ordered-set semantic-version rfc3986 pandas-gbq pyarrow-hotfix dateparser mistralai thrift mashumaro flit-core hatchling oauth2client bytecode bracex wcmatch entrypoints imageio mlflow readme-renderer openai-agents prefect trove-classifiers selenium ffmpeg-python pydub pytesseract pdf2image python-magic pypandoc dask click-option-group boto3-stubs botocore-stubs pandas-stubs django-stubs djangorestframework-stubs trafilatura newspaper3k',
      ),
      // the release of each on PyPI and what it names as Requires-Dist, read 2026-11-29; the source of coreschema is Python alone
      ...list(
        'cachelib jsbeautifier editorconfig transliterate apache-libcloud discord-py-slash-command api-client asyncio coreapi coreschema djoser itypes python3-openid social-auth-app-django social-auth-core',
      ),
      // what each asks for by default was resolved with pip on 2026-11-30: all of it has wheels, or a source distribution of Python alone
      ...list(
        'dj-rest-auth django-ckeditor django-tinymce django-jazzmin django-unfold django-bootstrap4 django-bootstrap5 django-crontab django-apscheduler django-rest-knox drf-extra-fields django-solo easy-thumbnails django-elasticsearch-dsl-drf django-nine flask-pymongo flask-apscheduler flask-swagger-ui flask-sock flask-compress flask-assets flask-httpauth flask-moment flask-redis flask-dance flask-bootstrap visitor dominate flask-principal flask-openid flask-ckeditor flask-mongoengine flask-script flask-uploads vk-api nextcord disnake py-cord yookassa findspark pdfkit mechanize dicttoxml fastapi-mail arq streamlit-authenticator mimesis python-binance paypalrestsdk lyricsgenius',
      ),
      // development
      ...list(
        'pytest pytest-cov pytest-asyncio pytest-mock pytest-django pytest-xdist pytest-env freezegun responses respx moto vcrpy hypothesis tox nox flake8 pycodestyle pyflakes mccabe pylint astroid isort autopep8 bandit black pre-commit cfgv identify nodeenv mkdocs mkdocs-material sphinx sphinx-rtd-theme docutils alabaster ipython jedi parso traitlets notebook jupyter jupyterlab jupyter-core ipykernel nbconvert nbformat pathspec',
      ),
    ]),
);

/** Families of pure distributions: typing stubs and generated API clients. */
export const purePrefixes: readonly string[] = [
  'types-',
  'mypy-boto3-',
  'google-cloud-',
  'opentelemetry-',
  'azure-mgmt-',
  'azure-storage-',
  'azure-monitor-',
];

/** A distribution with compiled parts. */
export interface NativeRow {
  /** Python X.Y → the first release with a wheel for it. A release before it compiles on that Python. */
  since?: Readonly<Record<string, string>>;
  /** The newest Python for which a release without a pin is known to have a wheel, when that is not `newestPython`. */
  upTo?: string;
  /** From this release on its wheels fit every Python of their day (abi3, or `py3-none-manylinux…`). */
  anyPython?: string;
  /** From this release on there is a `py3-none-any` wheel as well. */
  pureFrom?: string;
  /** Below this release it was pure Python. */
  pureBelow?: string;
  /** Even when compiled it needs no library that python:slim lacks (its C or Rust code is vendored, or uses only libc, libstdc++, OpenSSL, zlib). */
  selfContained?: true;
}
const on = (py310: string, py311: string, py312: string, py313: string, py314?: string): Record<string, string> => ({
  '3.10': py310,
  '3.11': py311,
  '3.12': py312,
  '3.13': py313,
  ...(py314 === undefined ? {} : { '3.14': py314 }),
});
const own = { selfContained: true } as const;

/**
 * Wheels that bring their libraries: what they ask for beside is the run time of C and C++, and zlib (`readelf -d` of the wheels for x86_64, read
 * 2026-11-29). Which releases have wheels: seen-wheels.ts.
 */
export const bundled = once(
  (): ReadonlySet<string> =>
    new Set(
      list(
        'av bitarray ciso8601 curl-cffi faiss-cpu ijson lazy-object-proxy levenshtein lupa maxminddb ormsgpack pycares pywavelets scikit-image time-machine tree-sitter',
      ),
    ),
);

/** The newest Python for which every row without an exact pin is known to have a wheel. */
export const newestPython = '3.14';

export const native = once(
  (): ReadonlyMap<string, NativeRow> =>
    new Map<string, NativeRow>([
      ['aiohttp', { since: on('3.8.0', '3.8.3', '3.9.0', '3.11.0', '3.13.0'), ...own }],
      ['aiokafka', { since: on('0.7.2', '0.8.0', '0.10.0', '0.12.0'), ...own }],
      ['argon2-cffi-bindings', { anyPython: '21.2.0', ...own }],
      ['asyncpg', { since: on('0.25.0', '0.27.0', '0.29.0', '0.30.0', '0.31.0'), ...own }],
      ['bcrypt', { anyPython: '3.2.2', ...own }],
      ['brotli', { since: on('1.0.9', '1.1.0', '1.1.0', '1.2.0'), ...own }],
      ['cffi', { since: on('1.15.0', '1.15.1', '1.16.0', '1.17.1', '2.0.0'), ...own }],
      ['clickhouse-driver', { since: on('0.2.3', '0.2.5', '0.2.7', '0.2.9'), ...own }],
      ['confluent-kafka', { since: on('1.8.2', '1.9.2', '2.3.0', '2.6.1') }],
      ['contourpy', { since: on('1.0.5', '1.0.6', '1.1.1', '1.3.1'), ...own }],
      ['coverage', { pureFrom: '7.5.0', since: on('6.0', '6.5.0', '7.3.0', '7.6.0'), ...own }],
      ['cryptography', { anyPython: '3.4.8', ...own }],
      ['cython', { pureFrom: '0.29.0', ...own }],
      ['ddtrace', { since: on('1.0.0', '1.6.0', '2.1.0', '2.18.0'), ...own }],
      ['debugpy', { pureFrom: '1.5.0', ...own }],
      ['duckdb', { since: on('0.3.1', '0.6.0', '0.9.1', '1.1.1'), ...own }],
      ['falcon', { pureFrom: '3.1.0', ...own }],
      ['fiona', { since: on('1.8.21', '1.9.0', '1.9.5', '1.10.0') }],
      ['frozenlist', { pureFrom: '1.5.0', since: on('1.3.0', '1.3.3', '1.4.1', '1.5.0'), ...own }],
      ['gevent', { since: on('21.12.0', '22.10.1', '23.9.1', '24.10.1', '25.9.1'), ...own }],
      ['greenlet', { since: on('1.1.2', '2.0.0', '3.0.0', '3.1.0', '3.2.4'), ...own }],
      ['grpcio', { since: on('1.41.0', '1.49.1', '1.59.0', '1.67.0', '1.75.1'), ...own }],
      ['grpcio-tools', { since: on('1.41.0', '1.49.1', '1.59.0', '1.67.0', '1.75.1'), ...own }],
      ['h5py', { since: on('3.6.0', '3.8.0', '3.10.0', '3.12.1') }],
      ['hiredis', { since: on('2.1.0', '2.1.0', '2.3.0', '3.1.0', '3.3.0'), ...own }],
      ['httptools', { since: on('0.4.0', '0.5.0', '0.6.1', '0.6.4', '0.7.1'), ...own }],
      ['jiter', { since: on('0.4.0', '0.4.0', '0.4.0', '0.6.0', '0.11.0'), ...own }],
      ['kiwisolver', { since: on('1.3.2', '1.4.4', '1.4.5', '1.4.8', '1.4.9'), ...own }],
      ['lightgbm', { anyPython: '4.0.0' }],
      ['lxml', { since: on('4.7.1', '4.9.2', '4.9.4', '5.3.0', '6.0.1') }],
      ['lz4', { since: on('4.0.0', '4.1.0', '4.3.3', '4.4.3', '4.4.5'), ...own }],
      ['markupsafe', { since: on('2.1.0', '2.1.2', '2.1.3', '3.0.0', '3.0.3'), ...own }],
      ['matplotlib', { since: on('3.5.0', '3.6.2', '3.8.0', '3.9.2', '3.10.7') }],
      ['msgpack', { since: on('1.0.3', '1.0.5', '1.0.7', '1.1.0', '1.1.2'), ...own }],
      ['multidict', { pureFrom: '6.7.0', since: on('6.0.0', '6.0.3', '6.0.5', '6.1.0'), ...own }],
      ['numba', { since: on('0.55.0', '0.57.0', '0.59.0', '0.61.0') }],
      ['numpy', { since: on('1.21.3', '1.23.3', '1.26.0', '2.1.0', '2.3.3') }],
      ['onnxruntime', { since: on('1.12.0', '1.15.0', '1.17.0', '1.20.0') }],
      ['opencv-contrib-python', { anyPython: '4.5.5.62' }],
      ['opencv-contrib-python-headless', { anyPython: '4.5.5.62' }],
      ['opencv-python', { anyPython: '4.5.5.62' }],
      ['opencv-python-headless', { anyPython: '4.5.5.62' }],
      ['oracledb', { since: on('1.0.0', '1.2.0', '2.0.0', '2.5.0'), ...own }],
      ['orjson', { since: on('3.6.5', '3.8.3', '3.9.7', '3.10.7', '3.11.4'), ...own }],
      ['pandas', { since: on('1.3.4', '1.5.1', '2.1.1', '2.2.3', '2.3.3'), ...own }],
      ['paramiko', { pureFrom: '1.0', ...own }],
      ['peewee', { ...own }],
      ['pendulum', { since: on('3.0.0', '3.0.0', '3.0.0', '3.1.0'), ...own }],
      ['pillow', { since: on('8.4.0', '9.3.0', '10.1.0', '11.0.0', '12.0.0') }],
      ['polars', { anyPython: '0.16.0', ...own }],
      ['propcache', { pureFrom: '0.2.0', ...own }],
      ['psutil', { anyPython: '6.0.0', ...own }],
      ['psycopg2-binary', { since: on('2.9.2', '2.9.5', '2.9.9', '2.9.10', '2.9.11') }],
      ['psycopg-binary', { since: on('3.1.0', '3.1.5', '3.1.13', '3.2.3', '3.2.11') }],
      ['pyarrow', { since: on('6.0.1', '10.0.1', '14.0.0', '18.0.0', '22.0.0') }],
      ['pycryptodome', { anyPython: '3.15.0', ...own }],
      ['pycryptodomex', { anyPython: '3.15.0', ...own }],
      ['pydantic', { pureBelow: '2.0', since: on('2.0', '2.0', '2.5.0', '2.8.0', '2.12.0'), ...own }],
      ['pydantic-core', { since: on('2.0.1', '2.0.1', '2.14.1', '2.20.0', '2.41.1'), ...own }],
      ['pymongo', { since: on('4.0', '4.3.3', '4.6.0', '4.10.0', '4.15.2'), ...own }],
      ['pymssql', { since: on('2.2.3', '2.2.6', '2.2.11', '2.3.2') }],
      ['pymupdf', { anyPython: '1.24.11', ...own }],
      ['pynacl', { anyPython: '1.5.0', ...own }],
      ['pyodbc', { since: on('4.0.34', '4.0.35', '5.1.0', '5.2.0', '5.3.0') }],
      ['pyproj', { since: on('3.3.0', '3.4.1', '3.6.1', '3.7.0') }],
      ['pyrsistent', { pureFrom: '0.20.0', ...own }],
      ['pyyaml', { since: on('6.0', '6.0', '6.0.1', '6.0.2', '6.0.3') }],
      // without libzmq's headers it builds the libzmq that it brings: pyzmq.readthedocs.io, "Building pyzmq from source"
      ['pyzmq', { since: on('22.3.0', '24.0.1', '25.1.1', '26.2.0', '27.1.0'), ...own }],
      ['rapidfuzz', { since: on('2.0.0', '2.11.0', '3.4.0', '3.10.0'), ...own }],
      ['rasterio', { since: on('1.2.10', '1.3.4', '1.3.9', '1.4.2') }],
      ['regex', { since: on('2021.11.10', '2022.10.31', '2023.10.3', '2024.9.11', '2025.9.18'), ...own }],
      ['rpds-py', { since: on('0.7.0', '0.7.0', '0.10.0', '0.20.0', '0.27.1'), ...own }],
      ['ruamel-yaml', { pureFrom: '0.15.0', ...own }],
      ['ruamel-yaml-clib', { since: on('0.2.6', '0.2.7', '0.2.8', '0.2.12'), ...own }],
      ['ruff', { anyPython: '0.1.0', ...own }],
      ['safetensors', { anyPython: '0.4.4', ...own }],
      ['sanic', { pureFrom: '0.1.0', ...own }],
      ['scikit-learn', { since: on('1.0.2', '1.2.0', '1.3.2', '1.5.2', '1.7.2') }],
      ['scipy', { since: on('1.8.0', '1.9.2', '1.11.3', '1.14.1', '1.16.2') }],
      ['scrapy', { pureFrom: '1.0', ...own }],
      ['sentencepiece', { since: on('0.1.97', '0.1.98', '0.2.0', '0.2.1'), ...own }],
      ['setproctitle', { since: on('1.2.3', '1.3.2', '1.3.3', '1.3.5'), ...own }],
      ['shapely', { since: on('1.8.0', '2.0.0', '2.0.2', '2.0.6', '2.1.2') }],
      ['soundfile', { anyPython: '0.12.1' }],
      ['sqlalchemy', { pureFrom: '2.0.0', since: on('1.4.27', '1.4.42', '1.4.50', '2.0.0'), ...own }],
      ['statsmodels', { since: on('0.13.1', '0.13.5', '0.14.1', '0.14.4'), ...own }],
      ['tensorflow', { since: on('2.8.0', '2.12.0', '2.16.1', '2.20.0'), upTo: '3.13' }],
      ['tiktoken', { since: on('0.1.1', '0.3.0', '0.5.2', '0.8.0', '0.12.0'), ...own }],
      ['tokenizers', { anyPython: '0.20.0', ...own }],
      ['torch', { since: on('1.11.0', '2.0.0', '2.2.0', '2.6.0', '2.9.0') }],
      ['tornado', { anyPython: '6.2', ...own }],
      ['twisted', { pureFrom: '21.7.0', ...own }],
      ['ujson', { since: on('4.3.0', '5.6.0', '5.8.0', '5.10.0', '5.11.0'), ...own }],
      ['uvloop', { since: on('0.16.0', '0.17.0', '0.19.0', '0.21.0', '0.22.1'), ...own }],
      ['watchdog', { pureFrom: '2.0.0', ...own }],
      ['watchfiles', { since: on('0.16.0', '0.18.0', '0.21.0', '0.24.0', '1.1.1'), ...own }],
      ['websockets', { pureFrom: '11.0', since: on('10.0', '10.4', '12.0', '13.0'), ...own }],
      ['wrapt', { pureFrom: '1.16.0', since: on('1.13.3', '1.15.0', '1.16.0', '1.16.0'), ...own }],
      ['xgboost', { anyPython: '1.0.0' }],
      ['xxhash', { since: on('3.0.0', '3.1.0', '3.4.1', '3.5.0', '3.6.0'), ...own }],
      ['yarl', { pureFrom: '1.15.0', since: on('1.7.2', '1.8.2', '1.9.4', '1.15.0'), ...own }],
      ['zope-interface', { since: on('5.4.0', '5.5.1', '6.1', '7.1.0', '8.0'), ...own }],
      ['pyclipper', { since: on('1.3.0.post4', '1.3.0.post4', '1.3.0.post5', '1.3.0.post6'), ...own }],
      ['python-bidi', { pureBelow: '0.5.0', since: on('0.5.0', '0.5.0', '0.5.0', '0.6.1'), ...own }],
      ['pyuwsgi', { anyPython: '2.0.30' }],
      ['spacy', { since: on('3.2.0', '3.4.2', '3.7.2', '3.8.7'), upTo: '3.13' }],
      // libxml2 and libxmlsec1 are linked into the wheel
      ['xmlsec', { since: on('1.3.14', '1.3.14', '1.3.14', '1.3.16'), upTo: '3.13' }],
      ['zstandard', { since: on('0.16.0', '0.19.0', '0.22.0', '0.23.0', '0.25.0'), ...own }],
      ['fastavro', { since: on('1.4.7', '1.7.0', '1.9.0', '1.9.7'), ...own }],
      ['google-crc32c', { since: on('1.3.0', '1.5.0', '1.6.0', '1.6.0'), ...own }],
      ['hf-xet', { anyPython: '1.0.0', ...own }],
      ['llvmlite', { since: on('0.38.0', '0.40.0', '0.42.0', '0.44.0') }],
      ['mmh3', { since: on('3.1.0', '3.1.0', '4.1.0', '5.0.1'), ...own }],
      ['msgspec', { since: on('0.6.0', '0.9.0', '0.18.3', '0.19.0', '0.20.0'), ...own }],
      ['mypy', { pureFrom: '0.900', ...own }],
      ['nh3', { anyPython: '0.2.18', ...own }],
      ['pypdfium2', { anyPython: '4.0.0' }],
      ['uuid-utils', { anyPython: '0.9.0', ...own }],
      ['uv', { anyPython: '0.1.0', ...own }],
    ]),
);
