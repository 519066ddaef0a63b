import type { Hours, Responder } from '@anju/contract/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { staff } from '../api/staff-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { WayList } from '../ways/way-list.tsx'
import { Listed } from './listed.tsx'
import type { PartProps } from './part-props.ts'
import { RemoveDialog } from './remove-dialog.tsx'
import { ResponderDialog } from './responder-dialog.tsx'
import styles from './staff.module.css'
import { staffKey, useDialog } from './use-dialog.ts'
import { useTimes } from './use-times.ts'
import { ZoneName } from './zone-name.tsx'

type Editing = { readonly edited: Responder | null } | { readonly unwanted: Responder }
const titleId = 'responders-title'

/** Who can be sent to a home. */
export function ResponderList({ onDialog }: PartProps) {
  const t = useText()
  const [sought, setSought] = useState('')
  const read = useQuery({
    queryKey: [staffKey, 'responders'],
    queryFn: ({ signal }) => staff.responders(signal),
  })
  const { open, show, done } = useDialog<Editing>(titleId, onDialog)
  const items = (read.data ?? []).toSorted((a, b) => a.name.localeCompare(b.name))
  return (
    <Listed
      titleId={titleId}
      title={t('staff.responders')}
      add={{ word: t('staff.responder-new'), action: 'new-responder', onClick: () => show({ edited: null }) }}
      read={read}
      none={t('staff.responders-none')}
      items={items}
      sought={sought}
      onSeek={setSought}
      textOf={({ name, organisation, zone, ways }) =>
        [name, organisation, zone, ...ways.map(({ address }) => address)].join(' ')
      }
      renderRow={(responder) => (
        <Row
          key={responder.id}
          of={responder}
          onEdit={() => show({ edited: responder })}
          onRemove={() => show({ unwanted: responder })}
        />
      )}
    >
      {open && 'edited' in open && (
        <ResponderDialog responder={open.edited} onDone={(saved) => done({ changed: saved })} />
      )}
      {open && 'unwanted' in open && (
        <RemoveDialog
          title={t('plans.remove-of', { what: open.unwanted.name })}
          means={t('staff.responder-remove-means')}
          remove={() => staff.removeResponder(open.unwanted)}
          onDone={(gone) => done({ changed: gone, gone })}
        />
      )}
    </Listed>
  )
}

interface RowProps {
  readonly of: Responder
  readonly onEdit: () => void
  readonly onRemove: () => void
}

function Row({ of: { id, name, kind, zone, organisation, hours, ways }, onEdit, onRemove }: RowProps) {
  const t = useText()
  const words = useWords()
  const queries = useQueryClient()
  const proven = async (call: Promise<unknown>) => {
    await call
    await queries.invalidateQueries({ queryKey: [staffKey, 'responders'] })
    void queries.invalidateQueries({ queryKey: ['readiness'] })
  }
  return (
    <li data-responder={id}>
      <div className={styles['who']}>
        <p>
          <b>{name}</b> · {words('responder-kind', kind)}
          {organisation !== '' && ` · ${organisation}`}
        </p>
        <p className={styles['soft']}>
          <ZoneName zone={zone} /> · <HoursText hours={hours} />
        </p>
        <WayList
          name={name}
          ways={ways}
          onTest={(way) => staff.testResponder(id, way.id)}
          onProve={(way) => proven(staff.proveResponder(id, way.id))}
        />
      </div>
      <div className={styles['acts']}>
        <button
          type="button"
          className={styles['button']}
          data-action="edit"
          aria-label={t('plans.edit-of', { what: name })}
          onClick={onEdit}
        >
          {t('plans.edit')}
        </button>
        <button
          type="button"
          className={styles['button']}
          data-action="remove"
          aria-label={t('plans.remove-of', { what: name })}
          onClick={onRemove}
        >
          {t('plans.remove')}
        </button>
      </div>
    </li>
  )
}

function HoursText({ hours }: { readonly hours: readonly Hours[] | null }) {
  const t = useText()
  const times = useTimes()
  return <span>{hours === null ? t('staff.always') : hours.map(times).join(t('staff.and'))}</span>
}
