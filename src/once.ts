// What is worked out once: the answers of a function, kept as long as what they were worked out from.

/** The answer, worked out when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** One answer for each key. */
export function onceEach<K, T>(make: (key: K) => T): (key: K) => T {
  const made = new Map<K, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined || made.has(key)) return known as T;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** One answer for each object, which goes when the object goes: for objects that do not change. */
export function oncePer<K extends object, T>(make: (key: K) => T): (key: K) => T {
  const made = new WeakMap<K, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined || made.has(key)) return known as T;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** The answers for the last `count` keys that were asked for. */
export function onceOfLast<K, T>(count: number, make: (key: K) => T): (key: K) => T {
  const made = new Map<K, T>();
  return (key) => {
    const value = made.has(key) ? (made.get(key) as T) : make(key);
    made.delete(key);
    made.set(key, value);
    for (const oldest of made.keys()) {
      if (made.size <= count) break;
      made.delete(oldest);
    }
    return value;
  };
}
