import { createImapDriver } from '../../mail/drivers/imap';
import type { MailboxDriver } from '../../mail/ports';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { patientTiming, until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

describe('13. A token that ends during IDLE is followed by a new one, and no mail is missed', () => {
	it('where the server ends the connection', async () => {
		const folder = new ScriptedFolder();
		let valid = 'token-1';
		const { server } = await at.start(
			folder.script({
				LOGIN: (client, command) =>
					command.args.includes(valid)
						? client.ok(command)
						: client.no(command, '[AUTHENTICATIONFAILED] expired'),
			}),
		);
		let current = 'token-1';
		const driver: MailboxDriver = {
			...createImapDriver(imapConnector({ port: server.port }), silentLog, patientTiming),
			openFolder: async (path, signal) => {
				const connector = imapConnector({ port: server.port, password: current });
				return await createImapDriver(connector, silentLog, patientTiming).openFolder(path, signal);
			},
		};
		at.host.watch(driver);
		await server.waitFor('IDLE');
		folder.add('before');
		server.push('* 1 EXISTS');
		await until(() => folder.seen.length === 1);

		valid = 'token-2';
		current = 'token-2';
		folder.add('meanwhile');
		server.push('* BYE session expired, please log in again');
		await until(() => folder.seen.length === 2);
		expect(at.host.subjects).toEqual(['before', 'meanwhile']);
		expect(at.host.faults).toEqual([]);
	});
});
