import type { StoredPlan } from '@anju/contract/api'
import { CLASS_RANK, classOf, type EventClass, isEventType } from '@anju/contract/event'
import { useInfiniteQuery } from '@tanstack/react-query'
import { plans } from '../api/calls.ts'
import { useLink } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { dayTime } from '../time/format.ts'
import { type PlanEditing, plansKey, plansTitleId } from './plan-editing.ts'
import styles from './plan-list.module.css'
import { inOne, usePlanName } from './plan-name.ts'

interface Props {
  readonly onOpen: (editing: PlanEditing) => void
}

/** The centre's own response plans: which there are, and the way to write them. */
export function PlanList({ onOpen }: Props) {
  const t = useText()
  const link = useLink()
  const read = useInfiniteQuery({
    queryKey: plansKey,
    queryFn: ({ pageParam, signal }) => plans.list(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 60_000,
    enabled: link !== 'lost',
  })
  const pages = read.data?.pages ?? []
  const standard = pages[0]?.standard
  // Each page in the order of the queue; what is read later stands below, so that nothing moves under the reader's eyes.
  const items = pages.flatMap((page) => page.items.toSorted(byUrgency))
  const cut = link === 'lost'
  const open = (editing: PlanEditing) => {
    if (!cut) onOpen(editing)
  }
  return (
    <section className={styles['plans']} aria-labelledby={plansTitleId} data-plans>
      <header className={styles['head']}>
        <h2 id={plansTitleId} tabIndex={-1}>
          {t('plans.title')}
        </h2>
        <button
          type="button"
          className={styles['button']}
          data-action="new-plan"
          aria-disabled={cut || !standard}
          onClick={() => standard && open({ edited: null, standard })}
        >
          {t('plans.new')}
        </button>
      </header>
      {read.isPending && <p className={styles['soft']}>{t('frame.loading')}</p>}
      {read.isError && <p role="alert">{sentenceOf(t, read.error)}</p>}
      {read.isSuccess && items.length === 0 && <p className={styles['soft']}>{t('plans.none')}</p>}
      <ul>
        {standard &&
          items.map((plan) => (
            <Row
              key={plan.id}
              of={plan}
              cut={cut}
              onEdit={() => open({ edited: plan, standard })}
              onRemove={() => open({ unwanted: plan })}
            />
          ))}
      </ul>
      {read.hasNextPage && (
        <button
          type="button"
          className={styles['button']}
          data-action="more-plans"
          aria-disabled={cut || read.isFetchingNextPage}
          onClick={() => void read.fetchNextPage()}
        >
          {t('plans.more')}
        </button>
      )}
      <p className={styles['soft']}>{t('plans.keeps')}</p>
    </section>
  )
}

interface RowProps {
  readonly of: StoredPlan
  readonly cut: boolean
  readonly onEdit: () => void
  readonly onRemove: () => void
}

function Row({ of, cut, onEdit, onRemove }: RowProps) {
  const t = useText()
  const name = usePlanName()(of)
  return (
    <li data-stored-plan={of.id} data-version={of.version}>
      <div className={styles['name']}>
        <p>
          <b>{name.what}</b> · {name.where}
        </p>
        <p className={styles['soft']}>
          {t('plan.version', { version: of.version })} · {t('plans.steps-count', { count: of.steps.length })} ·{' '}
          <span className="numerals">{dayTime(of.changedAt)}</span> · {of.changedBy}
        </p>
      </div>
      <div className={styles['acts']}>
        <button
          type="button"
          className={styles['button']}
          data-action="edit-plan"
          aria-label={t('plans.edit-of', { what: inOne(name) })}
          aria-disabled={cut}
          onClick={onEdit}
        >
          {t('plans.edit')}
        </button>
        <button
          type="button"
          className={styles['button']}
          data-action="remove-plan"
          aria-label={t('plans.remove-of', { what: inOne(name) })}
          aria-disabled={cut}
          onClick={onRemove}
        >
          {t('plans.remove')}
        </button>
      </div>
    </li>
  )
}

/** Life first; what is for all homes before what is for one. */
function byUrgency(a: StoredPlan, b: StoredPlan): number {
  return (
    CLASS_RANK[classOfPlan(a)] - CLASS_RANK[classOfPlan(b)] ||
    (a.type ?? '').localeCompare(b.type ?? '') ||
    (a.home ?? '').localeCompare(b.home ?? '')
  )
}
const classOfPlan = ({ type, class: of }: StoredPlan): EventClass =>
  of ?? (type !== null && isEventType(type) ? classOf(type) : 'info')
