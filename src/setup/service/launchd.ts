import { join } from 'node:path'
import { escapeXml, type ServiceSpec, type Unit } from './unit.js'

const LABEL = 'dev.llmroute.daemon'

/**
 * A launchd agent of the user. It is started again when it crashes, not when it is stopped. launchd tells exit 0 from others, no more
 * (launchd.plist(5), SuccessfulExit), and its `Crashed` means signals: so the daemon itself ends with 0 when its configuration is wrong.
 */
export function launchdAgent({ node, program, options, env, log, home, uid }: ServiceSpec): Unit {
  const path = join(home, 'Library', 'LaunchAgents', `${LABEL}.plist`)
  const domain = `gui/${uid ?? 501}`
  return {
    kind: 'launchd agent',
    path,
    encoding: 'utf8',
    content: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${[node, program, 'serve', '--as-service', ...options].map((word) => `    <string>${escapeXml(word)}</string>\n`).join('')}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${Object.entries(env)
  .map(([name, value]) => `    <key>${escapeXml(name)}</key>\n    <string>${escapeXml(value)}</string>\n`)
  .join('')}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>45</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  <string>${escapeXml(log)}</string>
  <key>StandardErrorPath</key>
  <string>${escapeXml(log)}</string>
</dict>
</plist>
`,
    start: [['launchctl', 'bootstrap', domain, path]],
    stop: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
    forget: [],
    remarks: [`Its state: \`launchctl print ${domain}/${LABEL}\`.`],
  }
}
