import type { Alarm } from '@anju/contract/api'
import { useEffect, useRef, useState } from 'react'
import { kept } from '../edge/page-store.ts'
import { contactsId } from '../incident/contacts.tsx'
import type { IncidentDialog } from '../incident/incident-actions.tsx'
import { noteId } from '../incident/log.tsx'
import { type Action, actionOf, type Target } from '../keyboard/shortcuts.ts'
import { useSeat } from './seat.tsx'
import { holds, lastClosedHere, useCommands } from './use-commands.ts'

interface Desk {
  /** The queue as it is shown now. */
  readonly order: () => readonly Alarm[]
  readonly selected: Alarm | undefined
  /** The shift has begun: before that the queue may be walked, not worked. */
  readonly working: boolean
  readonly dialogOpen: boolean
  readonly select: (id: string) => void
  readonly take: (alarm: Alarm) => void
  readonly open: (dialog: IncidentDialog | 'help') => void
  readonly showClosed: () => void
}

/** The console's keys. Returns whether single keys are on, and how to turn them off (WCAG 2.1.4). */
export function useConsoleKeys(desk: Desk) {
  const seat = useSeat()
  const commands = useCommands()
  const [singleKeys, setOn] = useState(() => kept.read('single-keys') !== 'off')
  const latest = useRef(desk)
  useEffect(() => {
    latest.current = desk
  })

  useEffect(() => {
    function act(action: Action, event: KeyboardEvent): void {
      const { order, selected, working, select, take, open, showClosed } = latest.current
      if (action === 'next' || action === 'previous') return walk(order(), selected, action === 'next' ? 1 : -1, select)
      if (action === 'help') return open('help')
      if (action === 'silence') {
        // The one on screen if it sounds, else the first that does: never more than one.
        const { wanted } = seat.sounder.view()
        const one = wanted.find(({ id }) => id === selected?.id) ?? wanted[0]
        if (one) seat.sounder.silence(one.id)
        return
      }
      if (action === 'undo') {
        // The one on screen first: it says so beside its button.
        if (press('undo-close')) return
        const last = lastClosedHere(seat, seat.live.serverNow())
        if (last) void commands.undoClose(last)
        return
      }
      // What is on the page already is read by whoever has it open, whoever holds the alarm.
      if (action === 'medical') return void press('medical')
      if (action === 'closed-list') return working ? showClosed() : undefined
      if (action === 'other-alarm') return void press('other-alarm')
      // Whatever is on screen: the banner says which one it is about.
      if (action === 'accept-offer') return void press('accept-offer')
      if (!selected || !working || seat.live.view().link === 'lost') return
      if (action === 'take') {
        event.preventDefault()
        return take(selected)
      }
      if (action === 'takeover') {
        const other = selected.owner !== null && selected.owner.session !== seat.me.session
        return other && seat.me.role === 'supervisor' ? open('takeover') : undefined
      }
      if (!holds(seat, selected)) return
      // The key that opens a field must not be typed into it.
      event.preventDefault()
      if (action === 'start') void commands.start(selected)
      else if (action === 'release') void commands.release(selected)
      else if (action === 'close' || action === 'park') open(action)
      else if (action === 'note') document.getElementById(noteId)?.focus()
      else if (action === 'contacts')
        document.getElementById(contactsId)?.querySelector<HTMLElement>('[data-contact]')?.focus()
      // What the particulars show knows what it is about: its button is pressed.
      else press(action)
    }
    function onKey(event: KeyboardEvent): void {
      if (event.defaultPrevented) return
      const action = actionOf(event, targetOf(event.target), singleKeys)
      // What is heard is still heard behind a dialog: to turn away from one alarm needs nothing of the page.
      if (action && (action === 'silence' || !latest.current.dialogOpen)) act(action, event)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [seat, commands, singleKeys])

  const setSingleKeys = (on: boolean) => {
    kept.write('single-keys', on ? null : 'off')
    setOn(on)
  }
  return { singleKeys, setSingleKeys }
}

/** Whether there was such a button to press. */
function press(action: string): boolean {
  const button = document.querySelector<HTMLElement>(`[data-action="${action}"]`)
  button?.click()
  return button !== null
}

function walk(order: readonly Alarm[], from: Alarm | undefined, by: 1 | -1, select: (id: string) => void): void {
  const at = from ? order.findIndex(({ id }) => id === from.id) : -1
  const to = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))]
  if (!to) return
  select(to.id)
  document.querySelector<HTMLElement>(`[data-row="${to.id}"]`)?.focus()
}

function targetOf(target: EventTarget | null): Target {
  if (!(target instanceof HTMLElement)) return 'elsewhere'
  if (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))
    return 'text'
  return target.matches('button, a, input, summary') ? 'control' : 'elsewhere'
}
