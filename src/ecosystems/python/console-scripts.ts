// Room: ecosystems/python. Which distribution brings a console script.

/**
 * Script → distribution (normalised), of the distributions that images start.
 * Source: the `console_scripts` entry points of each distribution's newest wheel; 2026-11.
 */
export const consoleScripts: ReadonlyMap<string, string> = new Map([
  // servers
  ['gunicorn', 'gunicorn'], ['uvicorn', 'uvicorn'], ['hypercorn', 'hypercorn'], ['daphne', 'daphne'], ['granian', 'granian'],
  ['waitress-serve', 'waitress'], ['uwsgi', 'uwsgi'], ['twistd', 'twisted'], ['cheroot', 'cheroot'], ['pserve', 'pyramid'], ['nicegui', 'nicegui'],
  ['circusd', 'circus'], ['supervisord', 'supervisor'], ['supervisorctl', 'supervisor'], ['honcho', 'honcho'], ['meinheld', 'meinheld'],
  // frameworks
  ['flask', 'flask'], ['django-admin', 'django'], ['fastapi', 'fastapi'], ['sanic', 'sanic'], ['litestar', 'litestar'], ['quart', 'quart'], ['robyn', 'robyn'],
  ['streamlit', 'streamlit'], ['gradio', 'gradio'], ['chainlit', 'chainlit'], ['panel', 'panel'], ['bokeh', 'bokeh'], ['reflex', 'reflex'], ['voila', 'voila'],
  ['datasette', 'datasette'], ['superset', 'apache-superset'], ['airflow', 'apache-airflow'], ['wagtail', 'wagtail'],
  // workers and schedulers
  ['celery', 'celery'], ['flower', 'flower'], ['huey_consumer', 'huey'], ['huey_consumer.py', 'huey'], ['rq', 'rq'], ['rqworker', 'rq'], ['rqscheduler', 'rq-scheduler'], ['dramatiq', 'dramatiq'],
  ['arq', 'arq'], ['taskiq', 'taskiq'], ['faust', 'faust-streaming'], ['luigi', 'luigi'], ['luigid', 'luigi'], ['prefect', 'prefect'], ['dagster', 'dagster'], ['dagster-webserver', 'dagster-webserver'],
  ['dagster-daemon', 'dagster'], ['temporal', 'temporalio'], ['procrastinate', 'procrastinate'],
  // databases and data
  ['alembic', 'alembic'], ['aerich', 'aerich'], ['dbt', 'dbt-core'], ['mlflow', 'mlflow'], ['wandb', 'wandb'], ['dvc', 'dvc'], ['kedro', 'kedro'], ['ray', 'ray'], ['bentoml', 'bentoml'],
  ['scrapy', 'scrapy'], ['scrapyd', 'scrapyd'], ['spacy', 'spacy'], ['nltk', 'nltk'], ['yt-dlp', 'yt-dlp'], ['rasa', 'rasa'], ['litellm', 'litellm'], ['vllm', 'vllm'],
  // notebooks and documentation
  ['jupyter', 'jupyter-core'], ['jupyter-lab', 'jupyterlab'], ['jupyter-notebook', 'notebook'], ['jupyterhub', 'jupyterhub'], ['ipython', 'ipython'], ['mkdocs', 'mkdocs'], ['sphinx-build', 'sphinx'], ['sphinx-autobuild', 'sphinx-autobuild'],
  // tools
  ['http', 'httpie'], ['httpx', 'httpx'], ['aws', 'awscli'], ['ansible', 'ansible-core'], ['ansible-playbook', 'ansible-core'], ['locust', 'locust'], ['pytest', 'pytest'], ['tox', 'tox'], ['nox', 'nox'],
  ['black', 'black'], ['ruff', 'ruff'], ['mypy', 'mypy'], ['flake8', 'flake8'], ['coverage', 'coverage'], ['dotenv', 'python-dotenv'], ['watchmedo', 'watchdog'], ['watchfiles', 'watchfiles'],
  ['newrelic-admin', 'newrelic'], ['ddtrace-run', 'ddtrace'], ['opentelemetry-instrument', 'opentelemetry-instrumentation'], ['opentelemetry-bootstrap', 'opentelemetry-instrumentation'], ['sentry', 'sentry'],
  ['pip-compile', 'pip-tools'], ['pip-sync', 'pip-tools'], ['pre-commit', 'pre-commit'], ['invoke', 'invoke'], ['inv', 'invoke'], ['fab', 'fabric'], ['doit', 'doit'], ['hatch', 'hatch'], ['pdm', 'pdm'],
]);
