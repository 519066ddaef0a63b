import type { Alarm, Contact, Way } from '@anju/contract/api'
import { CONTACT_OUTCOMES, type ContactOutcome } from '@anju/contract/disposition'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { isComposing } from '../keyboard/shortcuts.ts'
import { WayState } from '../ways/way-state.tsx'
import styles from './contacts.module.css'
import { type DialledNumber, numbersOf } from './numbers.ts'

interface Props {
  readonly alarm: Alarm
  readonly contact: Contact
  readonly zone: string | undefined
}

/**
 * On which ways a contact can be reached: when somebody last answered there, and since when and why one is dead. Each number is
 * dialled by itself, and how that call went is said of that number.
 */
export function Ways({ alarm, contact: { id: contact, name, ways = [], accountWays = [] }, zone }: Props) {
  const t = useText()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const list = useRef<HTMLUListElement>(null)
  /** Who is being called: the keys for how it went stand beside that number. */
  const [dialled, setDialled] = useState<string | null>(null)
  const { numbers, others } = numbersOf([...accountWays, ...ways])
  if (numbers.length + others.length === 0) return null
  const enabled = holds(seat, alarm) && link !== 'lost'

  async function record({ number, called }: DialledNumber, outcome: ContactOutcome) {
    const inList = list.current?.contains(document.activeElement)
    if (!(await commands.contact(alarm, contact, outcome, called.id))) return
    if (inList) nextAfter(list.current, number, outcome)?.focus()
    setDialled((now) => (now === number ? null : now))
  }
  const onKey = (one: DialledNumber) => (event: KeyboardEvent) => {
    if (!enabled || event.repeat || isComposing(event.nativeEvent)) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const outcome = CONTACT_OUTCOMES[Number(event.key) - 1]
    if (!outcome) return
    event.preventDefault()
    // The contact's own keys would say the same of no number in particular.
    event.stopPropagation()
    void record(one, outcome)
  }

  return (
    <ul ref={list} className={styles['ways']} aria-label={t('ways.title', { name })}>
      {numbers.map((one) => (
        <li key={one.number} className={styles['number']} data-number={one.number}>
          <a
            className={styles['dial']}
            href={`tel:${one.number}`}
            aria-label={t('ways.dial', { number: one.number })}
            data-action="dial"
            data-dead={one.called.dead !== null}
            onFocus={() => setDialled(one.number)}
            onClick={() => setDialled(one.number)}
            onKeyDown={onKey(one)}
          >
            {one.number}
          </a>
          {one.ways.map((way) => (
            <State key={way.id} way={way} zone={zone} />
          ))}
          {enabled && dialled === one.number && (
            <fieldset className={styles['outcomes']} aria-label={t('ways.outcomes', { number: one.number })}>
              {CONTACT_OUTCOMES.map((outcome, index) => (
                <Outcome
                  key={outcome}
                  outcome={outcome}
                  digit={index + 1}
                  onKey={onKey(one)}
                  onSay={() => void record(one, outcome)}
                />
              ))}
            </fieldset>
          )}
        </li>
      ))}
      {others.map((way) => (
        <li key={way.id}>
          <State way={way} zone={zone} />
        </li>
      ))}
    </ul>
  )
}

function State({ way, zone }: { readonly way: Way; readonly zone: string | undefined }) {
  return (
    <span data-way={way.channel} data-dead={way.dead !== null}>
      <WayState way={way} zone={zone} withAddress={false} />
    </span>
  )
}

interface OutcomeProps {
  readonly outcome: ContactOutcome
  readonly digit: number
  readonly onKey: (event: KeyboardEvent) => void
  readonly onSay: () => void
}

function Outcome({ outcome, digit, onKey, onSay }: OutcomeProps) {
  const words = useWords()
  return (
    <button type="button" data-called={outcome} className={styles['outcome']} onKeyDown={onKey} onClick={onSay}>
      <span aria-hidden="true" className={styles['digit']}>
        {digit}
      </span>
      {words('contact', outcome)}
    </button>
  )
}

/** Nobody there: on to their next number, and after the last one to the next contact. Reached: there is more to say than to dial. */
function nextAfter(list: HTMLElement | null, number: string, outcome: ContactOutcome): HTMLElement | null | undefined {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-number]') ?? [])]
  const at = rows.findIndex((row) => row.dataset['number'] === number)
  if (outcome === 'reached') return dialOf(rows[at])
  const further = list?.closest('[data-contact]')?.nextElementSibling
  return dialOf(rows[at + 1]) ?? (further instanceof HTMLElement ? further : dialOf(rows[at]))
}

const dialOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLElement>('[data-action=dial]')
