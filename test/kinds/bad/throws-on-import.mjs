throw new Error('this plugin does not want to be imported')
