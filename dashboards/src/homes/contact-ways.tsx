import type { Contact, HomeDetail, Way } from '@anju/contract/api'
import { useState } from 'react'
import { people } from '../api/people-calls.ts'
import { AskedPress, Press, Problem } from '../frame/press.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { WayState } from '../ways/way-state.tsx'
import { focusOn } from './focus.ts'
import styles from './homes.module.css'
import { isTested, type Tested } from './tested.ts'
import { type Act, useAct } from './use-home.ts'
import { WayForm } from './way-form.tsx'

interface Props {
  readonly home: HomeDetail
  readonly contact: Contact
  readonly tested: Tested
  readonly onTested: (way: string, before: string | null) => void
}

/** A new one, or one that becomes another number. */
type Editing = { readonly way: Way | null } | null

/** On which numbers and addresses a contact is reached, which of them are dead, and what brings them back. */
export function ContactWays({ home, contact, tested, onTested }: Props) {
  const t = useText()
  const act = useAct(home.id)
  const [editing, setEditing] = useState<Editing>(null)
  const { id, name, ways = [], accountWays = [] } = contact
  const here = `[data-person="${id}"]`
  const done = () => {
    setEditing(null)
    focusOn(`${here} [data-action=add-way]`)
  }
  async function test(way: Way) {
    if (await act.run(() => people.test(home.id, id, way.id))) onTested(way.id, way.lastProvenOn)
  }
  async function remove({ id: gone }: Way) {
    const become = (now: readonly Way[]) => now.filter((one) => one.id !== gone).map((one) => ({ id: one.id }))
    if (await act.run(() => people.changeWays(home.id, contact, become, null))) focusOn(`${here} [data-action=add-way]`)
  }
  const rowOf = (way: Way, theirs: boolean) => (
    <WayRow
      key={way.id}
      of={way}
      home={home}
      name={name}
      act={act}
      awaited={isTested(way, tested)}
      onTest={contact.withdrawn === true ? null : () => void test(way)}
      onProve={theirs ? null : () => void act.run(() => people.prove(home.id, id, way.id))}
      onReplace={theirs ? null : () => setEditing({ way })}
      onRemove={theirs ? null : () => void remove(way)}
    />
  )
  return (
    <>
      <ul className={styles['ways']} aria-label={t('ways.title', { name })}>
        {accountWays.map((way) => rowOf(way, true))}
        {ways.map((way) => rowOf(way, false))}
      </ul>
      {ways.length + accountWays.length === 0 && <p className={styles['dead']}>{t('homes.no-way', { name })}</p>}
      <Problem text={act.problem} />
      {editing ? (
        // Another number to replace is another form: what was typed for the one is never written over the other.
        <WayForm key={editing.way?.id ?? 'new'} home={home} contact={contact} way={editing.way} onDone={done} />
      ) : (
        <Press action="add-way" label={t('homes.add-way-of', { name })} onPress={() => setEditing({ way: null })}>
          {t('homes.add-way')}
        </Press>
      )}
    </>
  )
}

interface RowProps {
  readonly of: Way
  readonly home: HomeDetail
  readonly name: string
  readonly act: Act
  readonly awaited: boolean
  /** Null: that is not for us to do. */
  readonly onTest: (() => void) | null
  readonly onProve: (() => void) | null
  readonly onReplace: (() => void) | null
  readonly onRemove: (() => void) | null
}

function WayRow({ of: way, home, name, act, awaited, onTest, onProve, onReplace, onRemove }: RowProps) {
  const t = useText()
  const words = useWords()
  const { id, channel, address, dead } = way
  const what = `${words('channel', channel)} ${address}`
  return (
    <li data-way={id} data-channel={channel} data-dead={dead !== null}>
      <span className={styles['grow']}>
        <WayState way={way} zone={home.timeZone} />
        {onProve === null && <span className={styles['soft']}> · {t('homes.theirs', { name })}</span>}
        <output className={styles['soft']} data-test-sent={awaited}>
          {awaited && ` · ${t('homes.test-sent')}`}
        </output>
      </span>
      <span className={styles['buttons']}>
        {onTest && (
          <Press action="test-way" label={t('homes.test-of', { what })} off={act.busy} onPress={onTest}>
            {t('homes.test')}
          </Press>
        )}
        {onProve && (
          <AskedPress
            action="prove-way"
            label={t('homes.prove-of', { what })}
            means={t('homes.prove-means', { name })}
            off={act.busy}
            onPress={onProve}
          >
            {t('homes.prove')}
          </AskedPress>
        )}
        {onReplace && (
          <Press action="replace-way" label={t('homes.replace-of', { what })} onPress={onReplace}>
            {t('homes.replace')}
          </Press>
        )}
        {onRemove && (
          <AskedPress
            action="remove-way"
            label={t('homes.remove-way-of', { what })}
            means={t('homes.remove-way-means', { name })}
            off={act.busy}
            onPress={onRemove}
          >
            {t('homes.remove')}
          </AskedPress>
        )}
      </span>
    </li>
  )
}
