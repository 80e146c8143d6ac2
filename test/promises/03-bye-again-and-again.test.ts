import { until, useScriptedServer } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';

const at = useScriptedServer();

describe('3. A server that says BYE again and again is not stormed with sign-ins, and mail flows in between', () => {
	it('where it does so as soon as it has nothing to tell', async () => {
		const folder = new ScriptedFolder();
		const { server, driver } = await at.start(
			folder.script({
				IDLE: (client) => {
					client.write('* BYE not now');
					client.end();
				},
			}),
		);
		const from = performance.now();
		at.host.watch(driver, { startWith: { kind: 'all' } });
		const signIns = () => server.commands.filter(({ name }) => name === 'LOGIN').length;
		for (const turn of [1, 2]) {
			await until(() => signIns() === turn, 10_000);
			folder.add(`mail ${turn}`);
		}
		await until(() => folder.seen.length === 2, 10_000);
		expect(at.host.subjects).toEqual(['mail 1', 'mail 2']);
		// The pauses, 1 s, 2 s, 4 s and so on, are shortened by half at most.
		const seconds = (performance.now() - from) / 1_000;
		expect(signIns()).toBeLessThanOrEqual(1 + Math.floor(Math.log2(2 * seconds + 1)));
	}, 20_000);
});
