"""How DNS is spoken: messages as octets, as values, and as the lines that a person reads.

The name server writes its answers itself; who looks at a conversation reads them here, whatever they hold.
"""

from maillab.protocols.dns.protocol import DNS

__all__ = ["DNS"]
