import type { ImapAnswer } from '../support/imap-server';
import { shortTiming, until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();
const silent: ImapAnswer = () => undefined;

describe('1. A server that goes silent after it has answered IDLE is noticed, and mail flows over a new connection', () => {
	it('also where it still takes the bytes', async () => {
		const folder = new ScriptedFolder();
		let isDeaf = false;
		const unlessDeaf =
			(answer: ImapAnswer): ImapAnswer =>
			(client, command) =>
				isDeaf ? undefined : answer(client, command);
		const { server, driver } = await at.start(
			folder.script({
				DONE: unlessDeaf((client, command) => client.ok(command)),
				NOOP: unlessDeaf((client, command) => client.ok(command)),
				LOGIN: (client, command) => {
					isDeaf = false;
					client.ok(command);
				},
			}),
			shortTiming,
		);
		at.host.watch(driver);
		await server.waitFor('IDLE');
		isDeaf = true;
		folder.add('during the silence');
		await until(() => folder.seen.length === 1);
		expect(at.host.subjects).toEqual(['during the silence']);
		// On a busy machine another silence may be seen, but never none.
		const signIns = server.commands.filter(({ name }) => name === 'LOGIN').length;
		expect(signIns).toBeGreaterThanOrEqual(2);
	});

	it('also in the middle of a fetch', async () => {
		const folder = new ScriptedFolder();
		folder.add('order');
		let fetches = 0;
		const { driver } = await at.start(
			folder.script({
				'UID FETCH': (client, command) =>
					fetches++ === 0 ? silent(client, command) : folder.fetch(client, command),
			}),
			shortTiming,
		);
		at.host.watch(driver, { startWith: { kind: 'all' } });
		await until(() => folder.seen.length === 1);
		expect(at.host.attempts).toEqual([1]);
	});
});
