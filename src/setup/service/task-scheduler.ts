import { join } from 'node:path'
import { escapeXml, type ServiceSpec, type Unit } from './unit.js'

const TASK = 'llmroute'

/**
 * A task of Windows that begins with the session. conhost keeps it from showing a window. RestartOnFailure is for what cannot be started;
 * what has crashed is started again by `service run`. Its count is a byte.
 */
export function scheduledTask({ node, program, options, env, home }: ServiceSpec): Unit {
  const path = join(env.LLMROUTE_CONFIG_DIR ?? join(home, 'AppData', 'Local', 'llmroute'), 'llmroute-task.xml')
  const words = [node, program, 'service', 'run', ...options].map((word) => `"${word.replace(/"/g, '\\"')}"`).join(' ')
  return {
    kind: 'scheduled task',
    path,
    // What schtasks reads.
    encoding: 'utf16le',
    content: `\uFEFF<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>llmroute, a router for language models</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>255</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>conhost.exe</Command>
      <Arguments>${escapeXml(`--headless ${words}`)}</Arguments>
    </Exec>
  </Actions>
</Task>
`,
    start: [
      ['schtasks', '/Create', '/F', '/TN', TASK, '/XML', path],
      ['schtasks', '/Run', '/TN', TASK],
    ],
    stop: [
      ['schtasks', '/End', '/TN', TASK],
      ['schtasks', '/Delete', '/F', '/TN', TASK],
    ],
    forget: [],
    remarks: ['Its state: `schtasks /Query /TN llmroute`. What the daemon says: `llmroute logs`.'],
  }
}
