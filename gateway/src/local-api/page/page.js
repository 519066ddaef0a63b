// The gateway's own page: reads /api/status every two seconds. Everything a device or a person said is set as text, never as markup.
const TEXTS = {
  zh: {
    title: '安居网关',
    backlog: '待发送',
    links: '连接',
    devices: '设备',
    presses: '最近的报警',
    life: '生命安全',
    technical: '技术',
    telemetry: '测量',
    up: '正常',
    down: '中断',
    degraded: '异常',
    heard: '在线',
    silent: '无响应',
    'never-heard': '尚未收到',
    never: '从未收到',
    unsynced: '时钟未校准',
    unreachable: '无法读取网关状态',
    full: '存储已满：最早的测量数据已被丢弃',
    none: '没有',
    uplink: '中心',
    broker: '设备消息服务',
    rungs: { L0: '已听到', L1: '已保存', L2: '中心已收到', L3: '已显示', L4: '正在处理', L5: '已联系', L6: '已结束' },
    types: { 'sos-pressed': '紧急呼叫', 'fall-detected': '跌倒' },
    returned: '（状态解除）',
    odd: {
      'press-retained': '代理保留的按压，可能是旧的：请询问',
      'fall-retained': '代理保留的跌倒，可能是旧的：请询问',
      'press-announced': '设备重新入网时重复的按压',
      'message-replayed': '重复或被重放的消息，或设备重新计数',
      'count-restarted': '设备重新计数（已更换电池），恢复采信',
      'register-back': '读数回退，等待下一次读数确认',
      'register-jumped': '读数跳变过大，等待下一次读数确认',
      'register-replaced': '读数从另一数值继续：已换表',
      chattering: '触点抖动，稳定前视为未知',
    },
  },
  en: {
    title: 'Anju gateway',
    backlog: 'Waiting to be sent',
    links: 'Links',
    devices: 'Devices',
    presses: 'Latest alarms',
    life: 'Life',
    technical: 'Technical',
    telemetry: 'Measurements',
    up: 'up',
    down: 'down',
    degraded: 'degraded',
    heard: 'heard',
    silent: 'silent',
    'never-heard': 'not heard yet',
    never: 'never',
    unsynced: 'the clock is not set',
    unreachable: 'The gateway does not answer',
    full: 'The store is full: the oldest measurements were dropped',
    none: 'None',
    uplink: 'Centre',
    broker: 'Broker for devices',
    rungs: {
      L0: 'heard',
      L1: 'stored',
      L2: 'at the centre',
      L3: 'on screen',
      L4: 'answered',
      L5: 'contacted',
      L6: 'closed',
    },
    types: { 'sos-pressed': 'SOS', 'fall-detected': 'Fall' },
    returned: ' (over)',
    odd: {
      'press-retained': 'a press that a broker had kept, perhaps an old one: ask',
      'fall-retained': 'a fall that a broker had kept, perhaps an old one: ask',
      'press-announced': 'a press repeated with the announcement of the device',
      'message-replayed': 'a message replayed, or a device that counts anew',
      'count-restarted': 'counts anew (battery changed), believed again',
      'register-back': 'stepped back, waiting for the next reading',
      'register-jumped': 'jumped, waiting for the next reading',
      'register-replaced': 'goes on from another value: meter replaced',
      chattering: 'chatters, unknown until it is calm',
    },
  },
}
const language = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'zh'
const t = TEXTS[language]
document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
document.title = t.title
for (const element of document.querySelectorAll('[data-text]')) element.textContent = t[element.dataset.text]

// SenML symbols as people write them.
const UNITS = { '%EL': '%', '%RH': '%', Cel: '°C', '/': '', m3: 'm³' }
const measured = ({ point, value, absent, unit }) =>
  value === undefined ? `${point} ${absent}` : `${point} ${value} ${UNITS[unit] ?? unit}`.trim()

const time = (text) => new Date(text).toLocaleString(language === 'en' ? 'en-GB' : 'zh-CN')
const put = (tag, text, className) =>
  Object.assign(document.createElement(tag), { textContent: text, className: className ?? '' })
const row = (...children) => {
  const item = document.createElement('li')
  item.append(...children)
  return item
}
const fill = (id, rows) =>
  document.getElementById(id).replaceChildren(...(rows.length > 0 ? rows : [row(put('small', t.none))]))

function draw(status) {
  document.getElementById('gateway').textContent = status.gateway
  document.getElementById('clock').textContent =
    time(status.clock.now) + (status.clock.synced ? '' : ` · ${t.unsynced}`)
  document.getElementById('problem').textContent = status.store.full ? t.full : ''
  document.getElementById('queue').replaceChildren(
    ...['life', 'technical', 'telemetry'].map((lane) => {
      const cell = document.createElement('div')
      cell.append(put('dt', t[lane]), put('dd', String(status.queue[lane])))
      return cell
    }),
  )
  fill(
    'links',
    status.links.map(({ id, state, why }) =>
      row(put('span', t[id] ?? id), put('span', t[state], state), put('small', why ?? '')),
    ),
  )
  fill(
    'devices',
    status.devices.map(({ placement, name, state, lastHeardAt, oddities, readings }) =>
      row(
        put('span', placement),
        put('span', t[state], state),
        put('small', `${name} · ${lastHeardAt ? time(lastHeardAt) : t.never}`),
        put('small', readings.map(measured).join(' · ')),
        ...oddities.map(({ kind, of, times, lastAt }) =>
          put('small', `${of}: ${t.odd[kind] ?? kind} · ${times}× · ${time(lastAt)}`),
        ),
      ),
    ),
  )
  fill(
    'presses',
    status.presses.map(({ type, phase, placement, ladder }) =>
      row(
        put('span', `${t.types[type] ?? type}${phase === 'returned' ? t.returned : ''}`),
        put('span', placement),
        put(
          'small',
          ladder.map(({ rung, by, at }) => `${by ? `${by} ` : ''}${t.rungs[rung] ?? rung} ${time(at)}`).join(' → '),
        ),
      ),
    ),
  )
}

async function refresh() {
  try {
    const answer = await fetch('/api/status', { signal: AbortSignal.timeout(5_000) })
    draw(await answer.json())
  } catch {
    document.getElementById('problem').textContent = t.unreachable
  }
  setTimeout(refresh, 2_000)
}
await refresh()
