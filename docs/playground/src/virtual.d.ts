// What vite.config.ts makes of the sources.
declare module 'virtual:transforms' {
  /** As the library lists them: the page knows them without loading the library, which is the worker's. */
  export const transforms: { id: string; title: string; optIn: boolean }[];
}
