/** What one key does at the console. Written here once: the help shows this same table. */
export const SHORTCUTS = {
  j: 'next',
  k: 'previous',
  Enter: 'take',
  s: 'start',
  c: 'contacts',
  n: 'note',
  d: 'step-done',
  w: 'step-skip',
  f: 'step-failed',
  g: 'agency',
  v: 'manual',
  x: 'close',
  p: 'park',
  r: 'release',
  e: 'hand-to',
  y: 'accept-offer',
  m: 'silence',
  u: 'undo',
  a: 'access',
  i: 'medical',
  t: 'takeover',
  o: 'other-alarm',
  h: 'closed-list',
  '?': 'help',
} as const
export type ShortcutKey = keyof typeof SHORTCUTS
export type Action = (typeof SHORTCUTS)[ShortcutKey]

export interface Stroke {
  readonly key: string
  /** The key belongs to an input method that is still composing; browsers also say so by code 229. */
  readonly isComposing: boolean
  readonly keyCode: number
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly repeat: boolean
}
/** Where the stroke landed. */
export type Target = 'text' | 'control' | 'elsewhere'

/**
 * Which action a stroke means, or none. Nothing fires while an input method composes, in a text field, with a
 * modifier, or when the operator has turned single keys off (WCAG 2.1.4); Enter and blank belong to a focused control.
 */
export function actionOf(stroke: Stroke, target: Target, enabled: boolean): Action | undefined {
  if (!enabled || isComposing(stroke) || target === 'text') return undefined
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return undefined
  if (target === 'control' && stroke.key === 'Enter') return undefined
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key
  if (!Object.hasOwn(SHORTCUTS, key)) return undefined
  const action = SHORTCUTS[key as ShortcutKey]
  // A key held down walks the queue; it never takes, closes or releases a second alarm.
  return stroke.repeat && action !== 'next' && action !== 'previous' ? undefined : action
}

export const isComposing = (stroke: Pick<Stroke, 'isComposing' | 'keyCode'>): boolean =>
  stroke.isComposing || stroke.keyCode === 229
