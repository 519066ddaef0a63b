import type { Changed, Colleague } from '@anju/contract/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { staff } from '../api/staff-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { PushCard } from '../push/push-card.tsx'
import { draftsOf, faultsIn, onTopOf, type WayDraft, waysOf } from '../ways/way-draft.ts'
import { WayList } from '../ways/way-list.tsx'
import { WaysEditor } from '../ways/ways-editor.tsx'
import { atWay, isSame, waysIn } from './fault.ts'
import { FormDialog } from './form-dialog.tsx'
import { Listed } from './listed.tsx'
import type { PartProps } from './part-props.ts'
import { wayFaultFrom } from './responder-draft.ts'
import styles from './staff.module.css'
import { staffKey, useDialog } from './use-dialog.ts'

const titleId = 'colleagues-title'

/** Who works for the centre, and how each of them is reached away from a console. */
export function ColleagueList({ me, onDialog }: PartProps) {
  const t = useText()
  const words = useWords()
  const queries = useQueryClient()
  const [sought, setSought] = useState('')
  const read = useQuery({
    queryKey: [staffKey, 'people'],
    queryFn: ({ signal }) => staff.people(signal),
  })
  const { open, show, done } = useDialog<Colleague>(titleId, onDialog)
  const proven = async (call: Promise<unknown>) => {
    await call
    await queries.invalidateQueries({ queryKey: [staffKey, 'people'] })
    void queries.invalidateQueries({ queryKey: ['readiness'] })
  }
  return (
    <Listed
      titleId={titleId}
      title={t('staff.colleagues')}
      read={read}
      none={t('staff.colleagues-none')}
      items={read.data ?? []}
      sought={sought}
      onSeek={setSought}
      textOf={({ name, role, ways }) => [name, words('role', role), ...ways.map(({ address }) => address)].join(' ')}
      renderRow={(person) => (
        <li key={person.id} data-colleague={person.id}>
          <div className={styles['who']}>
            <p>
              <b>{person.name}</b> · {words('role', person.role)}
            </p>
            <WayList
              name={person.name}
              ways={person.ways}
              onTest={(way) => staff.testPerson(person.id, way.id)}
              onProve={(way) => proven(staff.provePerson(person.id, way.id))}
            />
          </div>
          <button
            type="button"
            className={styles['button']}
            data-action="edit"
            aria-label={t('plans.edit-of', { what: person.name })}
            onClick={() => show(person)}
          >
            {t('plans.edit')}
          </button>
        </li>
      )}
    >
      <PushCard session={me.session} />
      {open && <ColleagueDialog of={open} onDone={(saved) => done({ changed: saved })} />}
    </Listed>
  )
}

interface DialogProps {
  readonly of: Colleague
  readonly onDone: (saved: boolean) => void
}

function ColleagueDialog({ of, onDone }: DialogProps) {
  const { id, name, ways } = of
  const t = useText()
  const [initial] = useState(() => draftsOf(ways))
  const [drafts, setDrafts] = useState(initial)
  /** What the server's answer is about. */
  const sent = useRef<readonly WayDraft[]>(drafts)

  async function send(over: Changed | null) {
    if (isSame(initial, drafts)) return
    const now = over === null ? of : await staff.waysOfPerson(id)
    sent.current = onTopOf(now.ways, { initial, drafts })
    await staff.writeWays(id, waysOf(sent.current), now.version)
  }
  return (
    <FormDialog
      of="colleague"
      size="xl"
      title={t('plans.edit-of', { what: name })}
      dirty={!isSame(initial, drafts)}
      faults={faultsIn(drafts).map(atWay)}
      faultFrom={(error) => wayFaultFrom(error, sent.current)}
      send={send}
      onDone={onDone}
    >
      {({ faults }) => (
        <>
          <p className={styles['soft']}>{t('staff.push-by-themselves')}</p>
          <WaysEditor drafts={drafts} faults={waysIn(faults)} onChange={(next) => setDrafts([...next])} />
        </>
      )}
    </FormDialog>
  )
}
