import { toHistories } from '../../chaos/report';
import { HEALING_SECONDS, runChaos } from '../../chaos/run';
import { DEFAULT_N8N_VERSION } from '../../tools/n8n/release';
import { packedPackage } from '../support/n8n';

const SECONDS = 45;
/** Two starts of n8n around it. */
const AROUND_SECONDS = 200;

test(
	'loses no mail and repeats none while n8n is killed and server and network fail',
	async () => {
		const result = await runChaos(
			{ seconds: SECONDS, seed: 5, n8nVersion: DEFAULT_N8N_VERSION, tarball: packedPackage() },
			() => undefined,
		);
		const { lost, unexplained, sent } = result.account;
		const died = result.log.times('died');
		if (lost.length + unexplained.length + died.length > 0) {
			throw new Error(toHistories(result).join('\n'));
		}
		expect(sent).toBeGreaterThan(30);
		expect(result.log.times('kill').length).toBeGreaterThan(0);
	},
	(SECONDS + HEALING_SECONDS + AROUND_SECONDS) * 1000,
);
