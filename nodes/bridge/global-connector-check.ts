import { checkConnector } from '../../mail/check';
import { overrideMessage } from '../../mail/outbox';
import type { GlobalConnector, GlobalConnectorOrigin } from './global-connector';

const origins: Readonly<Record<GlobalConnectorOrigin, string>> = {
	environment: 'set in the environment of n8n',
	overwrite: 'set by a credential overwrite of n8n',
};

/**
 * Says that the global connector is in force, and whether it works. Where it does, its name is enough: who asks cannot
 * change it. Never throws.
 *
 * @param testAddress who asks wants a test e-mail: it leaves as every e-mail does
 */
export async function checkGlobalConnector(
	override: GlobalConnector,
	testAddress?: string,
): Promise<{ ok: boolean; message: string }> {
	const { connector, origin } = override;
	const { ok, summary, steps } = await checkConnector({ ...connector, testAddress }, (message) =>
		overrideMessage(message, override),
	);
	const name = `the administrator's global connector "${connector.name}" (${origins[origin]})`;
	if (!ok) {
		return { ok, message: `All e-mail leaves by ${name}, which does not work. ${summary}` };
	}
	const testMail = steps.find(({ step }) => step === 'testMail');
	const sent = testMail === undefined ? '' : `: ${testMail.detail}`;
	return { ok, message: toSentence(`All e-mail leaves by ${name}, which works${sent}`) };
}

function toSentence(text: string): string {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}
