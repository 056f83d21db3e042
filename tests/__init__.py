"""The promises of the product, floor by floor as in `src/infohub`."""
