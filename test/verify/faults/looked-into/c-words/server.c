#include <arpa/inet.h>
#include <oniguruma.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void read_all(const char *path, char *into, size_t size) {
  FILE *file = fopen(path, "r");
  size_t got = file ? fread(into, 1, size - 1, file) : 0;
  into[got] = 0;
  if (file) fclose(file);
}

static int matches(const char *pattern, const char *text) {
  regex_t *compiled;
  OnigErrorInfo info;
  const UChar *from = (const UChar *)pattern, *in = (const UChar *)text;
  if (onig_new(&compiled, from, from + strlen(pattern), ONIG_OPTION_DEFAULT, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &info) != ONIG_NORMAL) return 0;
  int at = onig_search(compiled, in, in + strlen(text), in, in + strlen(text), NULL, ONIG_OPTION_NONE);
  onig_free(compiled);
  return at >= 0;
}

static const char *answer(const char *path, char *body, size_t size) {
  if (!strcmp(path, "/health")) snprintf(body, size, "ok\n");
  else if (!strcmp(path, "/greeting")) read_all("/etc/words.conf", body, size);
  else if (!strcmp(path, "/words")) read_all("/usr/local/share/words/en.txt", body, size);
  else if (!strcmp(path, "/match")) snprintf(body, size, "%d\n", matches("c.*n", "cairn"));
  else if (!strcmp(path, "/visit")) {
    FILE *log = fopen("/var/lib/words/visits", "a");
    snprintf(body, size, "written=%d\n", log != NULL);
    if (log) { fputs("seen\n", log); fclose(log); }
  } else return "404 Not Found";
  return body[0] ? "200 OK" : "500 Internal Server Error";
}

int main(void) {
  signal(SIGTERM, SIG_DFL);
  int on = 1, server = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(8080), .sin_addr.s_addr = INADDR_ANY};
  if (bind(server, (struct sockaddr *)&at, sizeof at) || listen(server, 16)) return 1;
  for (;;) {
    int client = accept(server, NULL, NULL);
    char request[4096], path[256] = "", body[4096] = "", head[256];
    ssize_t got = read(client, request, sizeof request - 1);
    if (got > 0) {
      request[got] = 0;
      sscanf(request, "%*s %255s", path);
      const char *status = answer(path, body, sizeof body);
      int length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", status, strlen(body));
      write(client, head, length);
      write(client, body, strlen(body));
    }
    close(client);
  }
}
