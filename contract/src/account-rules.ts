/** The rules of accounts that the page and the server share; without schemas, which a page need not load. */

export const ROLES = ['operator', 'supervisor', 'installer', 'family', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const passwordCharsMin = 10
export const passwordCharsMax = 256
export const usernameCharsMax = 64
export const USERNAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/
/** How many there are when they are made; each lets its owner in once. */
export const recoveryCodesAtOnce = 10

export type PasswordFault = 'too-short' | 'too-long' | 'holds-username'
/** What keeps a text from being the password of this account: the one rule, at the command line and on every page. */
export function passwordFault(username: string, password: string): PasswordFault | undefined {
  if (password.length < passwordCharsMin) return 'too-short'
  if (password.length > passwordCharsMax) return 'too-long'
  return password.toLowerCase().includes(username.toLowerCase()) ? 'holds-username' : undefined
}
