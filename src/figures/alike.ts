/** Whether two plain values hold the same, however deep; numbers' buffers count as the same only if they are one. */
export function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [before, now] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return before.length === now.size && before.every(([key, value]) => now.has(key) && alike(value, now.get(key)));
}
