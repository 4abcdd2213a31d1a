// Room: forge/. Tokens: from the environment or a file, and out of everything that is written.

/** Takes secrets out of text that goes to people, files or logs. */
export interface Redactor {
  /** Adds a secret, in every form in which it may turn up (as it is, base64, URL-encoded, `x-access-token:…`, Basic). Shorter than 8 characters: ignored. */
  add(secret: string): void;
  /** The text with each known secret, and what looks like a forge's token, as `[redacted]`. */
  redact(text: string): string;
}

/** Where a token came from; the value is never printed. */
export interface Token {
  value: string;
  /** `DOCKERFILE_MOD_TOKEN`, or the path of the file. */
  from: string;
}
