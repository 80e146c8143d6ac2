import { readDefaultConnector } from '../../../nodes/bridge/default-connector';
import { relayValue, withFile } from '../../support/administrator';

const read = async (value: unknown) =>
	await readDefaultConnector({ N8N_EMAIL_DEFAULT_CONNECTOR: JSON.stringify(value) });

describe('the default connector', () => {
	it('is none where nobody has set one', async () => {
		expect(await readDefaultConnector({})).toBeUndefined();
	});

	it('comes from the environment or from a file', async () => {
		expect(await read(relayValue())).toMatchObject({ name: 'Company relay' });
		await withFile(JSON.stringify(relayValue()), async (path) => {
			const connector = await readDefaultConnector({ N8N_EMAIL_DEFAULT_CONNECTOR_FILE: path });
			expect(connector).toMatchObject({ name: 'Company relay' });
		});
	});

	it.each(['forceFrom', 'redirectAllTo', 'bccArchive', 'saveToSentItems'])(
		'has no rules such as %s: whoever chooses another connector would not obey them',
		async (rule) => {
			await expect(read(relayValue({ [rule]: true }))).rejects.toMatchObject({
				code: 'settings.invalid',
				subject: `N8N_EMAIL_DEFAULT_CONNECTOR: there is no field "${rule}"`,
			});
		},
	);
});
