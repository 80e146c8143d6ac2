import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimSettings } from '../chaos/host';
import { packRecorder as packChaosRecorder } from '../chaos/pack-recorder';
import { type Dovecot, startDovecot } from '../test/support/dovecot';
import { installN8n, type N8nInstallation } from '../tools/n8n/install';
import { type N8nInstance, startN8n } from '../tools/n8n/instance';
import { packProject } from '../tools/n8n/pack';
import { N8nClient } from '../tools/n8n/rest';
import type { CredentialReference } from '../tools/n8n/workflow';
import { FAULT_MAILBOXES } from './faults';
import { FREEZE_MAILBOXES } from './freeze';

/** A real n8n with this package and the recorder, beside a Dovecot; the same for both sides of a comparison. */
export interface Stage {
	readonly folder: string;
	readonly installation: N8nInstallation;
	readonly instance: N8nInstance;
	readonly n8n: N8nClient;
	readonly dovecot: Dovecot;
	/** The same mailbox as a connector of ours and as n8n's own IMAP credential. */
	addMailbox(
		user: string,
		/** Default: Dovecot without a proxy before it. */
		server?: { readonly host: string; readonly port: number },
	): Promise<{ ours: CredentialReference; builtIn: CredentialReference }>;
	close(): Promise<void>;
}

export const MAILBOXES = [
	...['ours', 'builtin', 'bare'].flatMap((name) =>
		['latency', 'backlog', 'twenty', 'single'].map((work) => `${name}-${work}@bench.test`),
	),
	...FREEZE_MAILBOXES,
	...FAULT_MAILBOXES,
];

const PASSWORD = 'bench-password';

export async function openStage(say: (line: string) => void): Promise<Stage> {
	const folder = mkdtempSync(path.join(tmpdir(), 'email-connectors-bench-'));
	const installation = await installN8n({ log: say });
	const dovecot = await startDovecot({
		users: MAILBOXES.map((user) => ({ user, password: PASSWORD })),
	});
	const tarball = await packProject({
		projectFolder: path.join(__dirname, '..'),
		folder,
		asPublished: false,
	});
	const recorder = packRecorder(folder);
	const instance = await startN8n({
		installation,
		userFolder: path.join(folder, 'n8n'),
		packages: [tarball, recorder, await packChaosRecorder(folder)],
		env: claimSettings,
	});
	const n8n = await N8nClient.connect(instance.url);

	return {
		folder,
		installation,
		instance,
		n8n,
		dovecot,
		async addMailbox(user, { host, port } = { host: dovecot.host, port: dovecot.imapPort }) {
			const ours = await n8n.createCredential({
				name: `ours ${user}`,
				type: 'smtpImapApi',
				data: {
					emailService: 'other',
					useFor: 'incoming',
					enabled: true,
					incomingHost: host,
					incomingPort: port,
					incomingSecurity: 'none',
					user,
					password: PASSWORD,
					primaryAddress: user,
				},
			});
			const builtIn = await n8n.createCredential({
				name: `built-in ${user}`,
				type: 'imap',
				data: { user, password: PASSWORD, host, port, secure: false },
			});
			return { ours, builtIn };
		},
		async close() {
			await instance.stop();
			await dovecot.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function packRecorder(folder: string): string {
	const source = path.join(__dirname, 'recorder');
	const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
		cwd: source,
		encoding: 'utf8',
	}).trim();
	return path.join(folder, name);
}
