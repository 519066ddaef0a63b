import { describe, expect, test } from 'vitest'
import { actionOf, SHORTCUTS, type Stroke } from './shortcuts.ts'

const stroke = (key: string, but: Partial<Stroke> = {}): Stroke => ({
  key,
  isComposing: false,
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...but,
})

describe('a key at the console', () => {
  test.for([
    ['j', 'next'],
    ['J', 'next'],
    ['x', 'close'],
    ['d', 'step-done'],
    ['W', 'step-skip'],
    ['v', 'manual'],
    ['o', 'other-alarm'],
    ['h', 'closed-list'],
    ['e', 'hand-to'],
    ['y', 'accept-offer'],
    ['?', 'help'],
    ['Enter', 'take'],
  ] as const)('%s means %s', ([key, action]) => {
    expect(actionOf(stroke(key), 'elsewhere', true)).toBe(action)
  })

  test('means nothing while an input method composes', () => {
    expect(actionOf(stroke('x', { isComposing: true }), 'elsewhere', true)).toBeUndefined()
    expect(actionOf(stroke('Enter', { keyCode: 229 }), 'elsewhere', true)).toBeUndefined()
    for (const key of Object.keys(SHORTCUTS))
      expect(actionOf(stroke(key, { isComposing: true }), 'elsewhere', true)).toBeUndefined()
  })

  test('means nothing in a text field, with a modifier, or when single keys are off', () => {
    expect(actionOf(stroke('x'), 'text', true)).toBeUndefined()
    expect(actionOf(stroke('c', { ctrlKey: true }), 'elsewhere', true)).toBeUndefined()
    expect(actionOf(stroke('c', { metaKey: true }), 'elsewhere', true)).toBeUndefined()
    expect(actionOf(stroke('x'), 'elsewhere', false)).toBeUndefined()
  })

  test('Enter on a button is the button’s own', () => {
    expect(actionOf(stroke('Enter'), 'control', true)).toBeUndefined()
    expect(actionOf(stroke('n'), 'control', true)).toBe('note')
  })

  test('held down walks the queue and does nothing else', () => {
    expect(actionOf(stroke('j', { repeat: true }), 'elsewhere', true)).toBe('next')
    expect(actionOf(stroke('x', { repeat: true }), 'elsewhere', true)).toBeUndefined()
  })

  test('that names a property of every object is no shortcut', () => {
    expect(actionOf(stroke('constructor'), 'elsewhere', true)).toBeUndefined()
    expect(actionOf(stroke('q'), 'elsewhere', true)).toBeUndefined()
  })
})
