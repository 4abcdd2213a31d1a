// Room: knowledge/. Names of variables that hold secrets. Source: BuildKit v0.34.2, frontend/dockerfile/dockerfile2llb/convert.go, getSecretsRegex (check SecretsUsedInArgOrEnv).

const deny = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const allow = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** Whether BuildKit would warn that an ARG or ENV of this name holds a secret: GITHUB_TOKEN yes, PUBLIC_KEY and TOKEN_FILE no. */
export function isSecretName(name: string): boolean {
  return deny.test(name) && !allow.test(name);
}

/** `GOOGLE_APPLICATION_CREDENTIALS=/app/key.json` says where the secret lies, and is none. */
export const looksSecret = (name: string, value: string): boolean => isSecretName(name) && !/^(?:\/[\w.-]+){2,}$/.test(value);
