import { join } from 'node:path'
import type { ServiceSpec, Unit } from './unit.js'

const NAME = 'llmroute.service'

/** A user unit of systemd. An invalid configuration is not tried again: it would fail the same way. */
export function systemdUnit({ node, program, options, env, log, home }: ServiceSpec): Unit {
  const config = env.XDG_CONFIG_HOME ?? join(home, '.config')
  return {
    kind: 'systemd user unit',
    path: join(config, 'systemd', 'user', NAME),
    encoding: 'utf8',
    content: `[Unit]
Description=llmroute, a router for language models
After=network-online.target
StartLimitIntervalSec=120
StartLimitBurst=5

[Service]
ExecStart=${[node, program, 'serve', ...options].map(quote).join(' ')}
${Object.entries(env)
  .map(([name, value]) => `Environment=${quote(`${name}=${value}`)}\n`)
  .join('')}StandardOutput=truncate:${specifiers(log)}
StandardError=inherit
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=2
TimeoutStopSec=45
UMask=0077
NoNewPrivileges=true

[Install]
WantedBy=default.target
`,
    start: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', '--now', NAME],
    ],
    stop: [['systemctl', '--user', 'disable', '--now', NAME]],
    forget: [['systemctl', '--user', 'daemon-reload']],
    remarks: ['To have it run while you are logged out too: `loginctl enable-linger`.', 'Its state: `systemctl --user status llmroute`.'],
  }
}

/** A word of ExecStart: `%` and `$` mean something there. */
function quote(word: string): string {
  return `"${specifiers(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$')}"`
}

function specifiers(text: string): string {
  return text.replaceAll('%', '%%')
}
