// Errors of logs, as the runtimes write them.
import { describe, expect, it } from 'vitest';
import { errorsOf } from '../../src/verify/compare/log.ts';

const told = (text: string): string[] =>
  errorsOf(text).map(({ class: kind, subject }) => (subject === undefined ? kind : `${kind} ${subject}`));

describe('errorsOf', () => {
  it.each([
    ["Error: Cannot find module 'express'\nRequire stack:\n- /app/index.js", ['module-not-found express']],
    ["Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'pg' imported from /app/db.js", ['module-not-found pg']],
    [
      'Traceback (most recent call last):\n  File "/app/x.py", line 1, in <module>\n    import flask\nModuleNotFoundError: No module named \'flask\'',
      ['module-not-found flask'],
    ],
    ['/usr/bin/python: No module named gunicorn', ['module-not-found gunicorn']],
    ['Error: Could not find or load main class com.example.Main', ['module-not-found com.example.Main']],
    ['Error: Unable to access jarfile /app.jar', ['module-not-found /app.jar']],
    [
      'psql: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory',
      ['library-not-found libpq.so.5'],
    ],
    ['ImportError: libpq.so.5: cannot open shared object file: No such file or directory', ['library-not-found libpq.so.5']],
    [
      'Error loading shared library libstdc++.so.6: No such file or directory (needed by /app/x.node)',
      ['library-not-found libstdc++.so.6'],
    ],
    ["/app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app)", ['library-not-found GLIBC_2.38']],
    ["Error: ENOENT: no such file or directory, open '/app/views/index.html'", ['file-not-found /app/views/index.html']],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'templates/a.txt'", ['file-not-found templates/a.txt']],
    ['jinja2.exceptions.TemplateNotFound: index.html', ['file-not-found index.html']],
    ['Error: Failed to lookup view "home" in views directory "/app/views"', ['file-not-found home']],
    ['2026/11/25 18:17:25 open /etc/app/config.yml: no such file or directory', ['file-not-found /etc/app/config.yml']],
    ["python: can't open file '/app/main.py': [Errno 2] No such file or directory", ['file-not-found /app/main.py']],
    ['Error: Os { code: 2, kind: NotFound, message: "No such file or directory" }', ['file-not-found']],
    ["Error: EACCES: permission denied, mkdir '/data/uploads'", ['permission-denied /data/uploads']],
    ["PermissionError: [Errno 13] Permission denied: '/data/db.sqlite'", ['permission-denied /data/db.sqlite']],
    ['panic: open /data/x: permission denied', ['permission-denied /data/x']],
    ["sh: can't create /data/x: Permission denied", ['permission-denied /data/x']],
    ['mkdir: cannot create directory ‘/data’: Permission denied', ['permission-denied /data']],
    [
      'docker: Error response from daemon: OCI runtime create failed: exec: "node": executable file not found in $PATH: unknown.',
      ['command-not-found node'],
    ],
    ['/bin/sh: 1: curl: not found', ['command-not-found curl']],
    ['bash: line 1: wget: command not found', ['command-not-found wget']],
    ['Error: spawn git ENOENT', ['command-not-found git']],
    ['exec /app/server: exec format error', ['exec-format']],
    ['Get "https://example.com": tls: failed to verify certificate: x509: certificate signed by unknown authority', ['certificate']],
    ['requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed', ['certificate']],
    ["code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'", ['certificate']],
    ['Error: listen EADDRINUSE: address already in use :::3000', ['address-in-use :::3000']],
    ['Error: getaddrinfo ENOTFOUND postgres', ['name-not-resolved postgres']],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', ['connection-refused 127.0.0.1:5432']],
    ['panic: runtime error: index out of range [1] with length 1', ['panic runtime error: index out of range [1] with length 1']],
    ["thread 'main' panicked at src/main.rs:3:5:", ['panic']],
    ["KeyError: 'DATABASE_URL'", ['exception KeyError']],
    ["TypeError: Cannot read properties of undefined (reading 'x')\n    at /app/index.js:1:1", ['exception TypeError']],
    ['Exception in thread "main" java.lang.NullPointerException: x', ['exception java.lang.NullPointerException']],
    ['django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.', ['exception ImproperlyConfigured']],
    ['unable to find user app: no matching entries in passwd file', ['unknown-user app']],
    ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', ['out-of-memory']],
  ])('%s', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it.each([
    'listening on 3000',
    'compiled with 0 errors',
    'GET /not-found 404',
    'GET /missing 404: page not found',
    'INFO: user not found in cache',
    'npm warn deprecated Error: x',
    'Loaded ErrorHandler middleware',
    '{"level":"info","msg":"error rate 0"}',
  ])('nothing: %s', (text) => {
    expect(told(text)).toEqual([]);
  });

  it('each class and subject once, colours left out', () => {
    expect(told("\u001b[31mError: Cannot find module 'a'\u001b[0m\nError: Cannot find module 'a'\nError: Cannot find module 'b'")).toEqual([
      'module-not-found a',
      'module-not-found b',
    ]);
  });
  it('is quick with what is long', () => {
    for (const hard of [
      'a'.repeat(500_000),
      'Error: '.repeat(60_000),
      '/'.repeat(500_000),
      'x: '.repeat(100_000),
      `${'open /x: '.repeat(100)}\n`.repeat(1000),
    ])
      errorsOf(hard);
  });
});
