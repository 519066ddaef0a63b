declare const brand: unique symbol

/** A type that looks like `T` at run time but cannot be mistaken for another `T` by the compiler. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Closes a switch over a union: a new member no longer compiles until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}

/** What we do wrong ourselves. What the world does wrong is expected and handled as a value or a `DomainError`. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}
