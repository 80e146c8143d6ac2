import { shortTiming, until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

describe('2. A server that never answers IDLE with "+" does not make the trigger deaf', () => {
	it.each([
		['stays silent', undefined],
		['refuses', 'NO'],
		['does not know it', 'BAD'],
	])('where it %s, mail is found all the same', async (_title, answer) => {
		const folder = new ScriptedFolder();
		const { server, driver } = await at.start(
			folder.script({
				IDLE: (client, { tag }) => {
					if (answer !== undefined) client.write(`${tag} ${answer} no`);
				},
				// It announces nothing by itself, but tells when it is asked.
				NOOP: (client, command) => {
					client.write(`* ${folder.mails.size} EXISTS`);
					client.ok(command);
				},
			}),
			shortTiming,
		);
		at.host.watch(driver);
		await server.waitFor('IDLE');
		folder.add('order');
		await until(() => folder.seen.length === 1);
		expect(at.host.subjects).toEqual(['order']);
	});
});
