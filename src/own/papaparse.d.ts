/** What is used of Papa Parse; its published types bring Node's globals with them. */
declare module 'papaparse' {
  interface Parsed {
    readonly data: readonly (readonly string[])[];
    readonly meta: { readonly delimiter: string };
  }
  const Papa: {
    /** Without a `delimiter` it is guessed. */
    parse(text: string, config: { readonly delimiter: string }): Parsed;
  };
  export default Papa;
}
