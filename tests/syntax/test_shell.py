"""What a shell hands over: a value is bound to the name under which a command stores it."""

from __future__ import annotations

import pytest

from keylint.rules.recipes import expand_recipes
from tests.syntax.test_forms import read_names

VALUE = '{alnum:64}'
BOUND = (
    ('echo -n "§" | gcloud secrets create api-secret --data-file=-\n', 'api-secret'),
    ("printf '§' | docker secret create api_secret -\n", 'api_secret'),
    ('echo "§" | vault kv put secret/bot api_secret=-\n', 'api_secret'),
    ('echo "§" | docker login --password-stdin\n', 'password'),
    ('npx wrangler secret put API_SECRET <<< "§"\n', 'API_SECRET'),
    ('api_secret = <<EOT\n§\nEOT\n', 'api_secret'),
    ('api_secret = <<~EOT\n  §\nEOT\n', 'api_secret'),
    ('$api_secret = <<<EOT\n§\nEOT;\n', '$api_secret'),
    (
        'aws ssm put-parameter --name /bot/api_secret --type SecureString --value "§"\n',
        'api_secret',
    ),
    ('az keyvault secret set --vault-name v --name api-secret --value §\n', 'api-secret'),
)
UNBOUND = (
    'echo "§" | sha256sum -c\n',
    'echo "§" | grep token\n',
    'echo "§"; gcloud secrets create api-secret\n',
    'cat <<EOT\n§\nEOT\n',
    'a << api_secret\n§\n',
    'put --name api-secret\nset --value §\n',
)


@pytest.mark.parametrize('text', UNBOUND)
def test_a_command_that_stores_nothing_binds_no_name(text: str) -> None:
    names = read_names(text, expand_recipes(VALUE, text))
    assert not {'token', 'api-secret', 'api_secret'} & set(names)


@pytest.mark.parametrize(('text', 'name'), BOUND)
def test_a_stored_value_has_the_name_of_its_place(text: str, name: str) -> None:
    assert name in read_names(text, expand_recipes(VALUE, text))
